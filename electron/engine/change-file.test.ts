import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { changeFile } from './change-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-change-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('lets each change see what the one before it has written, after one that fails as well, which its caller alone is told of', async () => {
  const path = join(folder, 'a.json')
  const append = (name: string) => async (): Promise<unknown> => [...(JSON.parse(await readFile(path, 'utf8')) as string[]), name]
  const changes = [changeFile(path, () => Promise.resolve([])), changeFile(path, append('b')), changeFile(path, () => Promise.reject(new Error('on purpose'))), changeFile(path, append('c'))]
  expect((await Promise.allSettled(changes)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(readFileSync(path, 'utf8')).toBe('[\n  "b",\n  "c"\n]\n')
  expect(readdirSync(folder)).toEqual(['a.json'])
})
