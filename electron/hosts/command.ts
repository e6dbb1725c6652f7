import { Command, Option } from 'commander'
import type { Client } from '../../shared/contract/client.ts'
import { AppError, toFailure } from '../../shared/errors.ts'
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

/** Runs a command's work on its workspace; what fails is told on standard error and in the exit code. */
export async function withEngine(options: CommonOptions, work: (client: Client) => Promise<void>): Promise<void> {
  await orFail(options, async () => {
    const engine = await openLocalEngine(options.workspace)
    try {
      await work(engine.client)
    } finally {
      await engine.close()
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

/** The value of a result; its failure is thrown. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new AppError(result.error.code, result.error.message, result.error.hint === undefined ? {} : { hint: result.error.hint })
}
