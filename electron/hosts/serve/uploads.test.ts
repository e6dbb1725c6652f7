import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Uploads } from './uploads.ts'

let parent = ''
let uploads: Uploads
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'undercurrent-uploads-test-'))
  uploads = new Uploads(parent)
})
afterEach(async () => {
  await uploads.remove()
  rmSync(parent, { recursive: true, force: true })
})

const body = (...parts: readonly string[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)))
/** Every file below the folder. */
const files = (): readonly string[] => readdirSync(parent, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name)

describe('a file that is sent', () => {
  it('is kept whole, for its owner alone', async () => {
    const path = await uploads.take(body('one\n', '', 'two\n'), 'events.ndjson')
    expect(basename(path)).toBe('events.ndjson')
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  })

  it('does not meet another of the same name', async () => {
    const paths = await Promise.all(['a', 'b', 'c'].map((text) => uploads.take(body(text), 'events.csv')))
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['a', 'b', 'c'])
  })

  it('leaves nothing when it breaks off', async () => {
    const broken = (async function* () {
      yield Buffer.from('half')
      await Promise.resolve()
      throw new Error('aborted')
    })()
    await expect(uploads.take(broken, 'events.csv')).rejects.toThrow('aborted')
    expect(files()).toEqual([])
  })

  it('is gone after the end, with all others, even those that came first at the same time', async () => {
    await Promise.all(['a', 'b', 'c'].map((text) => uploads.take(body(text), 'events.csv')))
    await uploads.remove()
    expect(readdirSync(parent)).toEqual([])
  })
})

describe('a disk that refuses', () => {
  it('is told, and tried again with the next file', async () => {
    const away = join(parent, 'away')
    const patient = new Uploads(away)
    await expect(patient.take(body('x'), 'events.csv')).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining(away) as string, hint: expect.stringContaining('TMPDIR') as string })
    mkdirSync(away)
    expect(readFileSync(await patient.take(body('x'), 'events.csv'), 'utf8')).toBe('x')
    await patient.remove()
    expect(readdirSync(away)).toEqual([])
  })

  it('has nothing to remove', async () => {
    const never = new Uploads(join(parent, 'away'))
    await expect(never.take(body('x'), 'events.csv')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(never.remove()).resolves.toBeUndefined()
  })
})

describe('the name of a file', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\events.csv', 'events.csv'],
    ['..', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['a\0b\u001b[2J\n.csv', 'a_b__2J_.csv'],
    ['$(id);`id`|&.csv', '__id___id___.csv'],
    ['Größe 日本.parquet', 'Größe 日本.parquet'],
    ['\u202egnp.csv', '_gnp.csv'],
  ])('%j becomes %j', async (name, kept) => {
    expect(basename(await uploads.take(body(''), name))).toBe(kept)
  })

  it('keeps its end where it is too long for a disk', async () => {
    const path = await uploads.take(body('x'), `${'日'.repeat(300)}.csv`)
    expect(path).toMatch(/日\.csv$/)
    expect(readFileSync(path, 'utf8')).toBe('x')
  })

  it('never leads out of the folder, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.array(fc.constantFrom('..', '/', '\\', '.', '\0', 'a', ' ', '\ud800'), { maxLength: 20 }).map((parts) => parts.join(''))), async (name) => {
        const path = await uploads.take(body('x'), name)
        expect(dirname(dirname(dirname(path)))).toBe(parent)
        expect(existsSync(path)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
