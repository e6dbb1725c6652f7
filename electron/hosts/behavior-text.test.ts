import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readBehaviorFile } from './behavior-text.ts'

const folder = await mkdtemp(join(tmpdir(), 'behavior-text-'))
afterAll(() => rm(folder, { recursive: true }))

async function file(text: string): Promise<string> {
  const path = join(folder, 'one.behavior')
  await writeFile(path, text)
  return path
}

it('is refused where no behavior stands in it', async () => {
  for (const text of ['', '\r\n', '# only a comment\n']) await expect(readBehaviorFile(await file(text))).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('There is no behavior in') as string })
})

it('is read as it is, a broken one too: what is wrong with it is said by its check', async () => {
  for (const text of ['\ufeffsequence "x" by user\r\n  a\r\n', 'sequence "x" bi user', 'nonsense']) expect(await readBehaviorFile(await file(text))).toBe(text)
})
