import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writePrivateFile } from './private-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-private-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('writes a file that nobody else may read, making the folders to it', () => {
  const path = join(folder, 'a', 'b', 'secrets.json')
  writePrivateFile(path, 'größe')
  expect(readFileSync(path, 'utf8')).toBe('größe')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('closes a file that was open to others', () => {
  const path = join(folder, 'secrets.json')
  writeFileSync(path, 'old', { mode: 0o644 })
  chmodSync(path, 0o644)
  writePrivateFile(path, 'new')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('is private even where another has put the half-written one before', () => {
  const path = join(folder, 'secrets.json')
  writeFileSync(`${path}.new`, 'left by a crash', { mode: 0o644 })
  chmodSync(`${path}.new`, 0o644)
  writePrivateFile(path, 'new')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('leaves the former content whole when it cannot write, and nothing half-written beside a whole one', () => {
  const path = join(folder, 'secrets.json')
  writePrivateFile(path, 'old')
  expect(readdirSync(folder)).toEqual(['secrets.json'])
  mkdirSync(`${path}.new`)
  expect(() => writePrivateFile(path, 'new')).toThrow()
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(existsSync(path)).toBe(true)
})
