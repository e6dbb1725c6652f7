import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, where they are not there. Node's own recursive mkdir never ends below a folder that
 * answers "no such file" to whoever makes one in it, as Linux's /proc does.
 *
 * @throws what mkdir says of the first folder that cannot be made; ENOTDIR where there is a file
 */
export function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return
  if (found !== undefined) throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' })
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // somebody else may have been quicker
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}
