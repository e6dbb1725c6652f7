import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deferred } from '../../../e2e/fixtures/deferred.ts'
import { AppError } from '../../../shared/errors.ts'
import { atomically, Database, identifier, literal, row, rows, storeFailure, transaction, type DuckDBConnection } from './database.ts'

let folder: string
let opened: Database[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-database-'))
  opened = []
})
afterEach(async () => {
  for (const database of opened) await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(path = folder): Promise<Database> {
  const database = await Database.open(path)
  opened.push(database)
  return database
}

async function close(database: Database): Promise<void> {
  await database.close()
  opened = opened.filter((other) => other !== database)
}

/** Another process that has the workspace open. */
async function openElsewhere(): Promise<ChildProcess> {
  const script = `import { DuckDBInstance } from '@duckdb/node-api'
    globalThis.held = await (await DuckDBInstance.create(process.argv[1])).connect()
    await globalThis.held.run('CREATE TABLE IF NOT EXISTS t (a INTEGER)')
    console.log('open')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'events.duckdb')], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

describe('a workspace that is open', () => {
  it('in another process is refused, with that process\'s id, until it ends', async () => {
    const child = await openElsewhere()
    try {
      for (let turn = 0; turn < 2; turn++) {
        await expect(Database.open(folder)).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED', message: `The workspace ${folder} is open in another process (pid ${child.pid ?? ''}).`, hint: expect.stringContaining('end it') as string })
      }
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const database = await open()
    expect(await rows(database.writer, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0n }])
  })

  it('in this process is refused, by whatever path, until it is closed', async () => {
    const link = join(folder, 'link')
    const real = join(folder, 'real')
    mkdirSync(real)
    symlinkSync(real, link)
    const first = await open(real)
    for (const path of [real, `${real}/`, join(folder, 'link', '..', 'real'), link]) await expect(Database.open(path)).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
    await close(first)
    await open(link)
  })

  it('ends what is asked of it when it is closed, rather than waiting for it, and answers no more', async () => {
    const database = await open()
    const asked = database.read((connection) => rows(connection, 'SELECT count(*) FROM range(10000000000) r(i) WHERE hash(i) = 1'))
    const ended = expect(asked).rejects.toMatchObject({ code: 'CANCELLED', message: 'The workspace was closed.' })
    await wait(100)
    await close(database)
    await ended
    await expect(database.read((connection) => rows(connection, 'SELECT 1'))).rejects.toMatchObject({ code: 'CANCELLED' })
  }, 20_000)

  it('is opened once by two that try at the same time', async () => {
    const results = await Promise.allSettled([open(), open(), open()])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'WORKSPACE_LOCKED' })
  })
})

describe('a workspace that cannot be used', () => {
  it('because a file is in the place of its folder says so', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'x')
    for (const path of [file, join(file, 'inside')]) await expect(Database.open(path)).rejects.toMatchObject({ code: 'WORKSPACE_UNUSABLE', hint: expect.any(String) as string })
  })

  it('because its file is no database says so, leaves it alone, and can be opened when that is over', async () => {
    const file = join(folder, 'events.duckdb')
    writeFileSync(file, 'this is not a database, but it is long enough to be mistaken for one'.repeat(1000))
    await expect(Database.open(folder)).rejects.toMatchObject({ code: 'WORKSPACE_UNUSABLE', message: expect.stringContaining(folder) as string })
    expect(existsSync(file)).toBe(true)
    rmSync(file)
    await open()
  })
})

describe('reading', () => {
  it('sees the last committed state beside a write that is under way', async () => {
    const database = await open()
    await database.writer.run('CREATE TABLE t AS SELECT 1 AS a')
    await database.writer.run('BEGIN; INSERT INTO t VALUES (2)')
    const count = (): Promise<unknown> => database.read(async (connection) => (await row(connection, 'SELECT count(*) AS n FROM t')).n)
    expect(await count()).toBe(1n)
    await database.writer.run('COMMIT')
    expect(await count()).toBe(2n)
  })

  it('sees in all its queries what the first of them saw, and leaves nothing behind', async () => {
    const database = await open()
    await database.writer.run('CREATE TABLE t (a INTEGER)')
    const count = async (connection: DuckDBConnection): Promise<unknown> => (await row(connection, 'SELECT count(*)::INTEGER AS n FROM t'))['n']
    for (let stored = 0; stored < 3; stored++) {
      await database.read(async (connection) => {
        expect(await count(connection)).toBe(stored)
        await database.writer.run('INSERT INTO t VALUES (1)')
        await connection.run('CREATE TEMP TABLE of_its_own AS FROM t')
        expect(await count(connection)).toBe(stored)
      })
    }
    await expect(database.read((connection) => connection.run('SELECT error(\'wrong\')'))).rejects.toThrow('wrong')
    expect(await database.read(count)).toBe(3)
  })

  it('waits for what nobody may see, which waits for a moment without readers, but not for ever', async () => {
    const database = await open()
    const order: string[] = []
    const reader = await database.openReader()
    expect(await database.whileUnread(() => Promise.resolve(order.push('never')), 20)).toBe(false)
    let late: Promise<unknown> | undefined
    const done = database.whileUnread(async () => {
      order.push('begun')
      late = database.read(() => Promise.resolve(order.push('read')))
      await wait(50)
      order.push('ended')
    }, 5_000)
    await wait(20)
    await reader.close()
    expect(await done).toBe(true)
    await late
    await database.read(() => Promise.resolve(order.push('read again')))
    expect(order).toEqual(['begun', 'ended', 'read', 'read again'])
  })

  it('can be cancelled in the middle of a query, and the next one runs', async () => {
    const database = await open()
    const giveUp = new AbortController()
    const endless = database.read((connection) => rows(connection, 'SELECT sum(a.range * b.range) AS n FROM range(1000000) a, range(1000000) b'), giveUp.signal)
    await wait(100)
    giveUp.abort()
    await expect(endless).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(database.read((connection) => rows(connection, 'SELECT 1'), giveUp.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await database.read((connection) => rows(connection, 'SELECT 1 AS a'), new AbortController().signal)).toEqual([{ a: 1 }])
  })

  it('can be cancelled while it still waits for its turn, and gives back what it had', async () => {
    const database = await open()
    const giveUp = new AbortController()
    const hidden = deferred()
    const unread = database.whileUnread(() => hidden.promise, 5_000)
    const opening = expect(database.openReader(giveUp.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
    await wait(20)
    giveUp.abort()
    hidden.resolve()
    await unread
    await opening
    expect(await database.whileUnread(() => Promise.resolve(), 0)).toBe(true)
  })

  it('has its memory, though that of the question before is being given back', async () => {
    const database = await open()
    const begun = deferred()
    const held = deferred()
    const ended = deferred()
    const first = await database.openReader()
    const { connection } = first
    const run = connection.run.bind(connection)
    connection.run = async (...given) => {
      begun.resolve()
      await held.promise
      const result = await run(...given)
      ended.resolve()
      return result
    }
    await first.close()
    await begun.promise
    const opening = database.openReader()
    await wait(20)
    held.resolve()
    await ended.promise
    const reader = await opening
    expect(await row(reader.connection, "SELECT current_setting('memory_limit') AS memory")).toEqual({ memory: '1.4 GiB' })
    await reader.close()
  })

  it('gives errors as they are where nobody cancelled', async () => {
    const database = await open()
    await expect(database.read((connection) => rows(connection, 'SELECT no_such_column'), new AbortController().signal)).rejects.toThrow('no_such_column')
  })

  it('is in UTC', async () => {
    const database = await open()
    expect(await database.read((connection) => rows(connection, "SELECT epoch_us('2026-01-01'::TIMESTAMPTZ) AS us"))).toEqual([{ us: BigInt(Date.UTC(2026, 0, 1)) * 1000n }])
  })
})

describe('a transaction', () => {
  it('leaves nothing behind when it fails, and the next one works', async () => {
    const database = await open()
    await database.writer.run('CREATE TABLE t (a INTEGER NOT NULL)')
    const fail = new Error('on purpose')
    await expect(transaction(database.writer, async () => { await database.writer.run('INSERT INTO t VALUES (1)'); throw fail })).rejects.toBe(fail)
    await expect(transaction(database.writer, async () => { await database.writer.run('INSERT INTO t VALUES (1)'); await database.writer.run('INSERT INTO t VALUES (NULL)') })).rejects.toThrow('NOT NULL')
    await expect(atomically(database.writer, 'INSERT INTO t VALUES (1); INSERT INTO t VALUES (NULL);')).rejects.toThrow('NOT NULL')
    expect(await rows(database.writer, 'SELECT * FROM t')).toEqual([])
    expect(await transaction(database.writer, async () => { await database.writer.run('INSERT INTO t VALUES (1)'); return 'done' })).toBe('done')
    await atomically(database.writer, 'INSERT INTO t VALUES (2);')
    expect(await rows(database.writer, 'SELECT a FROM t ORDER BY a')).toEqual([{ a: 1 }, { a: 2 }])
  })
})

describe('an error of the store', () => {
  it.each(['IO Error: Could not write file "/x": No space left on device', 'Out of Memory Error: failed to offload data block (max_temp_directory_size)', 'disk is full'])('of a full disk has a name: %s', (message) => {
    const cause = new Error(message)
    expect(storeFailure(cause)).toMatchObject({ code: 'STORE_FULL', cause, hint: expect.stringContaining('nothing is lost') as string })
  })

  it('of another kind stays what it is', () => {
    for (const error of [new Error('Binder Error: x'), new AppError('CONFLICT', 'x'), 'text', undefined]) expect(storeFailure(error)).toBe(error)
  })
})

describe('names and texts in SQL', () => {
  it('come back as they are, and end no statement', async () => {
    const database = await open()
    const text = fc.string({ unit: 'grapheme-composite', maxLength: 12 }).filter((value) => !value.includes('\0'))
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.constantFrom("'; DROP TABLE t; --", '"', "''", '\\', '""', '$1')), async (value) => {
        const [found] = await rows(database.writer, `SELECT ${literal(value)} AS ${identifier(`c${value}`)}`)
        expect(found).toEqual({ [`c${value}`]: value })
      }),
    )
  })
})
