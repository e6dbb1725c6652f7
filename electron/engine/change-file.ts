import { rename, writeFile } from 'node:fs/promises'

/** The last change of each file, by its path. */
const changes = new Map<string, Promise<void>>()

/**
 * Changes a file of JSON, whole or not at all. One change follows the other, so that each reads what the one before has
 * written, and none is lost.
 *
 * @param change reads the file and gives what it shall say from now on
 */
export function changeFile(path: string, change: () => Promise<unknown>): Promise<void> {
  const changed = (changes.get(path) ?? Promise.resolve()).then(async () => {
    await writeFile(`${path}.new`, `${JSON.stringify(await change(), null, 2)}\n`)
    await rename(`${path}.new`, path)
  })
  // a failure belongs to that change's caller; the next one goes on
  changes.set(path, changed.catch(() => undefined))
  return changed
}
