import { rename, writeFile } from 'node:fs/promises'

/** The last change of each file, by its path. */
const changes = new Map<string, Promise<unknown>>()

/**
 * Changes a file of JSON, whole or not at all. One change follows the other, so that each reads what the one before has
 * written, and none is lost.
 *
 * @param change reads the file and gives what it shall say from now on
 * @returns what it says now
 */
export function changeFile<T>(path: string, change: () => Promise<T>): Promise<T> {
  const changed = (changes.get(path) ?? Promise.resolve()).then(async () => {
    const content = await change()
    await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`)
    await rename(`${path}.new`, path)
    return content
  })
  // a failure belongs to that change's caller; the next one goes on
  changes.set(path, changed.catch(() => undefined))
  return changed
}
