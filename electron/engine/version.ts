import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version of this app, as its package says it, wherever it runs from: its sources, its build, or a package. */
export const engineVersion = readVersion(import.meta.dirname)

function readVersion(folder: string): string {
  const path = join(folder, 'package.json')
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version
  return dirname(folder) === folder ? 'unknown' : readVersion(dirname(folder))
}
