import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('makes a folder with all above it, and leaves one that is there', () => {
  const path = join(folder, 'a', 'b', 'c')
  makeFolder(path)
  makeFolder(path)
  expect(existsSync(path)).toBe(true)
})

it('makes none in or instead of a file', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolder(join(folder, 'file', 'a'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error)
  expect(() => makeFolder(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error)
})

it.runIf(process.platform === 'linux')('ends where the system makes none (/proc, which only Linux has)', () => {
  expect(() => makeFolder('/proc/undercurrent/workspace')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error)
})
