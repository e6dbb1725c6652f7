import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a small file that only this user may read, whole or not at all: whenever the power goes, the one or the other content is there. */
export function writePrivateFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  // what is there already would keep its own rights: it is left from a crash, or put there by somebody else
  rmSync(`${path}.new`, { force: true })
  writeFileSync(`${path}.new`, text, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(`${path}.new`, path)
}
