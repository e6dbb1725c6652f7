import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseBehaviors } from '../../shared/behavior/parse.ts'
import type { Client } from '../../shared/contract/client.ts'
import { AppError } from '../../shared/errors.ts'

/** The text of a file; `-` is standard input. @throws AppError FILE_UNREADABLE */
async function readText(file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8')
    const parts: Buffer[] = []
    for await (const part of process.stdin) parts.push(part as Buffer)
    return Buffer.concat(parts).toString('utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${file} cannot be read.`, { hint: 'Check the name, and that you may read it.', cause })
  }
}

/** The text of a file of behaviors. @throws AppError FILE_UNREADABLE, BAD_REQUEST where nothing stands in it: a schedule would find nothing for ever */
export async function readBehaviorFile(file: string): Promise<string> {
  const text = await readText(file)
  const { file: read, problems } = parseBehaviors(text)
  if (read.behaviors.length === 0 && problems.length === 0) throw new AppError('BAD_REQUEST', `There is no behavior in ${file === '-' ? 'standard input' : file}.`, { hint: 'A behavior begins with `sequence "name" by user`, its steps below.' })
  return text
}

/** What is asked for by a file of behaviors, or by the name of one that is saved in the workspace. */
export async function readBehaviors(client: Client, given: string): Promise<{ readonly text: string; readonly name?: string }> {
  if (given === '-' || existsSync(given)) return { text: await readBehaviorFile(given) }
  const saved = (await client.call('behaviors.list', {})).find(({ name }) => name === given)
  if (saved !== undefined) return { text: saved.text, name: saved.name }
  if (/[/\\]|\.behavior$/.test(given)) return { text: await readBehaviorFile(given) }
  throw new AppError('NOT_FOUND', `There is no file ${given}, and no behavior of that name in the workspace.`, { hint: 'See what is saved with `undercurrent behaviors`.' })
}
