import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Client } from '../../shared/contract/client.ts'
import { AppError } from '../../shared/errors.ts'

/** The text of a file; `-` is standard input. @throws AppError FILE_UNREADABLE */
export async function readText(file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8')
    const parts: Buffer[] = []
    for await (const part of process.stdin) parts.push(part as Buffer)
    return Buffer.concat(parts).toString('utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${file} cannot be read.`, { hint: 'Check the name, and that you may read it.', cause })
  }
}

/** What is asked for by a file of behaviors, or by the name of one that is saved in the workspace. */
export async function readBehaviors(client: Client, given: string): Promise<{ readonly text: string; readonly name?: string }> {
  if (given === '-' || existsSync(given)) return { text: await readText(given) }
  const saved = (await client.call('behaviors.list', {})).find(({ name }) => name === given)
  if (saved !== undefined) return { text: saved.text, name: saved.name }
  if (/[/\\]|\.behavior$/.test(given)) return { text: await readText(given) }
  throw new AppError('NOT_FOUND', `There is no file ${given}, and no behavior of that name in the workspace.`, { hint: 'See what is saved with `undercurrent behaviors`.' })
}
