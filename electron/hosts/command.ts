import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Client } from '../../shared/contract/client.ts'
import { AppError, fromFailure, toFailure } from '../../shared/errors.ts'
import type { Result } from '../../shared/result.ts'
import { openLocalEngine } from './local-engine.ts'
import { printNote, safeText, toJsonLine } from './output.ts'

/** What every command has. */
export interface CommonOptions {
  readonly workspace: string
  readonly json?: boolean
}

/** A command with the options that all of them have. */
export function command(name: string, description: string, defaultWorkspace = './undercurrent-workspace'): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option('-w, --workspace <folder>', 'the folder of the workspace').env('UNDERCURRENT_WORKSPACE').default(defaultWorkspace))
    .option('--json', 'one line of JSON an item, for machines')
    .showHelpAfterError('(--help lists the options)')
}

/** Runs a command's work on its workspace, which is made where there is none; failures become the exit code. */
export async function withEngine(options: CommonOptions, work: (client: Client) => Promise<void>): Promise<void> {
  await orFail(options, () => onWorkspace(options.workspace, work))
}

/** {@link withEngine} for work that only makes sense on a workspace that is there: a misspelled folder is not made. */
export async function withExistingWorkspace(options: CommonOptions, work: (client: Client) => Promise<void>): Promise<void> {
  await orFail(options, async () => {
    if (!existsSync(options.workspace)) throw new AppError('NOT_FOUND', `There is no workspace ${options.workspace}.`, { hint: 'Say where it is with --workspace; `undercurrent import` and `undercurrent tail` make one.' })
    await onWorkspace(options.workspace, work)
  })
}

/** {@link withEngine} for work that stores nothing: it runs beside a tail that has the workspace open. */
export async function withoutWorkspace(options: CommonOptions, work: (client: Client) => Promise<void>): Promise<void> {
  await orFail(options, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'undercurrent-'))
    try {
      await onWorkspace(folder, work)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

/** Runs work that may fail: exit code 1, or 2 where what was asked for makes no sense. */
export async function orFail(options: Pick<CommonOptions, 'json'>, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const failure = toFailure(error)
    if (options.json === true) printNote(toJsonLine({ error: failure }))
    else {
      printNote(`error: ${safeText(failure.message)}`)
      if (failure.hint !== undefined) printNote(`       ${safeText(failure.hint)}`)
    }
    process.exitCode = failure.code === 'BAD_REQUEST' ? 2 : 1
  }
}

/** The reader of an option out of a parser that answers with a result: what it refuses is bad usage. */
export function optionOf<T>(parse: (text: string) => Result<T>): (text: string) => T {
  return (text) => {
    const result = parse(text)
    if (result.ok) return result.value
    throw new InvalidArgumentError([result.error.message, result.error.hint].filter((sentence) => sentence !== undefined).join(' '))
  }
}

/** The value of a result; its failure is thrown. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw fromFailure(result.error)
}

async function onWorkspace(folder: string, work: (client: Client) => Promise<void>): Promise<void> {
  const engine = await openLocalEngine(folder)
  try {
    await work(engine.client)
  } finally {
    await engine.close()
  }
}
