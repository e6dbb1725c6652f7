import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { checkFolder, writeText, writeWhole } from './write-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-write-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('makes the folders on the way, and replaces a file only when all of the new one is there', async () => {
  const path = join(folder, 'a/b/report.csv')
  expect(await writeText(path, (writer) => writer.write('first'))).toBe(5)
  const failing = writeText(path, async (writer) => {
    await writer.write('x'.repeat(1_000_000))
    expect(readFileSync(path, 'utf8')).toBe('first')
    throw new AppError('CANCELLED', 'Cancelled.')
  })
  await expect(failing).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(readFileSync(path, 'utf8')).toBe('first')
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['report.csv'])
  await writeText(path, (writer) => writer.write('second'))
  expect(readFileSync(path, 'utf8')).toBe('second')
})

it('says that the folder is gone when it goes while a file is written', async () => {
  const path = join(folder, 'gone/report.csv')
  await expect(writeText(path, async (writer) => {
    await writer.write('text')
    rmSync(join(folder, 'gone'), { recursive: true })
  })).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', message: `The way to ${path} is not there, or is no folder.` })
  expect(readdirSync(folder)).toEqual([])
})

it('says that the name is taken by a folder', async () => {
  const path = join(folder, 'report.csv')
  mkdirSync(path)
  await expect(writeWhole(path, (part) => writeFile(part, 'text'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', message: `${path} is a folder.` })
  expect(readdirSync(folder)).toEqual(['report.csv'])
})

it('lets every other error be what it is', async () => {
  await expect(writeText(join(folder, 'report.csv'), () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug')
  expect(readdirSync(folder)).toEqual([])
})

it('looks beforehand whether a folder can be written', async () => {
  await expect(checkFolder(join(folder, 'new/further'))).resolves.toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, 'file'), '')
  for (const target of ['file', 'file/inside']) await expect(checkFolder(join(folder, target))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
})
