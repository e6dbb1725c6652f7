import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'
import { Behaviors } from '../../electron/engine/behaviors/behaviors.ts'
import { planSequence } from '../../electron/engine/behaviors/detect.ts'
import { openEngine } from '../../electron/engine/engine.ts'
import { readColumns } from '../../electron/engine/store/read-columns.ts'
import { Store } from '../../electron/engine/store/store.ts'
import { matchColumns } from '../../shared/behavior/match/match.ts'
import { benchLive } from './detect-live.ts'
import { clickQuestions, questions, type Question } from './detect-questions.ts'
import { printTable, type Figure } from './report.ts'
import { fillShopWorkspace } from './shop-workspace.ts'

const libraries = resolve('.cache/chdb')
const clicks = resolve(process.env.UNDERCURRENT_DATA ?? '../shared/data', 'rees46/events.csv')

/**
 * The same questions on the same events, asked of this engine end to end (read, order, match; and again, when the columns are in memory), of its matcher alone, of
 * ClickHouse (chdb, from PyPI, in `.cache/`) and of the best SQL for DuckDB that we know; the answers must agree. ClickHouse
 * and DuckDB get tables of integers that are ordered as they like it best. Then the delay of live detection with 20 behaviors.
 * UNDERCURRENT_BENCH_WORKSPACE names a workspace that is filled already.
 */
export async function benchDetect({ events = 10_000_000, rounds = 3 }: { readonly events?: number; readonly rounds?: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-bench-'))
  const given = process.env.UNDERCURRENT_BENCH_WORKSPACE
  const workspace = given ?? join(folder, 'workspace')
  try {
    if (given === undefined) await fillShopWorkspace(workspace, events, 200_000)
    await compare(folder, 'shop', workspace, questions, rounds)
    if (existsSync(clicks)) {
      const copied = join(folder, 'clicks')
      await copyClicks(folder, copied)
      await compare(folder, 'clicks', copied, clickQuestions, rounds)
    } else process.stderr.write(`REES46 is not at ${clicks}: its copies are left out\n`)
    const live = await benchLive(join(folder, 'live'))
    printTable(live)
    process.stdout.write(`${JSON.stringify({ bench: 'detect live', figures: live })}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Asks all engines, prints what they say, and how fast. @throws when they do not agree */
async function compare(folder: string, name: string, workspace: string, asked: readonly Question[], rounds: number): Promise<void> {
  const parquet = join(folder, `${name}.parquet`)
  const { codes, count } = await exportEvents(workspace, parquet)
  const coded = asked.map((question): Question => ({ ...question, clickhouse: encode(question.clickhouse, codes), duckdb: question.duckdb.map((sql) => encode(sql, codes)) }))
  const own = await askEngine(workspace, asked, rounds)
  const duckdb = await askDuckdb(join(folder, `${name}.duckdb`), parquet, coded, rounds)
  const clickhouse = await askClickhouse(parquet, coded, rounds)
  const figures = coded.map(({ name }, index): Figure => {
    const [mine, sql, click] = [own[index], duckdb[index], clickhouse?.[index]]
    if (mine === undefined || sql === undefined) throw new Error(`no answer to ${name}`)
    if (mine.users !== sql.answer || (click !== undefined && click.answer !== mine.users)) throw new Error(`${name}: this engine says ${mine.users} users, DuckDB ${sql.answer}, ClickHouse ${click?.answer ?? 'nothing'}`)
    return {
      question: name,
      users: mine.users,
      'engine first ms': Math.round(mine.firstMs),
      'engine again ms': Math.round(mine.ms),
      'matcher ms': Math.round(mine.matcherMs),
      'matcher M ev/s': Number((mine.events / mine.matcherMs / 1000).toFixed(1)),
      'duckdb ms': Math.round(sql.ms),
      'clickhouse ms': click === undefined ? 'not here' : Math.round(click.ms),
      'first / duckdb': Number((mine.firstMs / sql.ms).toFixed(2)),
      'again / duckdb': Number((mine.ms / sql.ms).toFixed(2)),
      'first / clickhouse': click === undefined ? '' : Number((mine.firstMs / click.ms).toFixed(2)),
      'again / clickhouse': click === undefined ? '' : Number((mine.ms / click.ms).toFixed(2)),
    }
  })
  printTable(figures)
  process.stdout.write(`${JSON.stringify({ bench: 'detect', data: name, events: count, figures })}\n`)
}

/** REES46's clicks 200 times, each time with users of their own, as a workspace. */
async function copyClicks(folder: string, workspace: string): Promise<void> {
  const file = join(folder, 'clicks.parquet')
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT c.user_id::VARCHAR || '-' || copy AS user_id, event_type, product_id, event_time::VARCHAR AS event_time FROM read_csv('${clicks}', all_varchar = true) c, range(200) copies(copy)) TO '${file}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  const engine = await openEngine({ workspace })
  const { signal } = new AbortController()
  await engine.calls['file.import']({ path: file, file: {}, mapping: { key: 'user_id', type: 'event_type', time: 'event_time', attributes: [{ name: 'product_id', path: 'product_id', type: 'text' }] }, force: false }, signal)
  await engine.calls['tail.finished']({ source: 'clicks' }, signal)
  await engine.close()
}

/** Writes the events as integers, ordered by key and time. */
async function exportEvents(workspace: string, parquet: string): Promise<{ readonly codes: ReadonlyMap<string, number>; readonly count: number }> {
  const instance = await DuckDBInstance.create(join(workspace, 'events.duckdb'), { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT key::UINTEGER AS key, type::UTINYINT AS type, epoch_us(time)::UBIGINT AS time, coalesce(try_cast(a_product_id AS UINTEGER), 0) AS product FROM (FROM events UNION ALL BY NAME FROM recent) WHERE key IS NOT NULL ORDER BY key, time) TO '${parquet}' (FORMAT parquet)`)
  const types = (await connection.runAndReadAll('SELECT type, code FROM types')).getRowObjectsJS()
  const [counted] = (await connection.runAndReadAll(`SELECT count(*)::INTEGER AS n FROM '${parquet}'`)).getRowObjectsJS()
  connection.closeSync()
  instance.closeSync()
  return { codes: new Map(types.map(({ type, code }) => [type as string, code as number])), count: counted?.n as number }
}

function encode(sql: string, codes: ReadonlyMap<string, number>): string {
  return sql.replaceAll(/\{([a-z._]+)\}/g, (_, type: string) => String(codes.get(type) ?? -1))
}

interface OwnAnswer {
  readonly users: number
  readonly events: number
  readonly ms: number
  readonly firstMs: number
  readonly matcherMs: number
}

async function askEngine(workspace: string, asked: readonly Question[], rounds: number): Promise<readonly OwnAnswer[]> {
  const store = await Store.open(workspace)
  const behaviors = new Behaviors(store, () => false)
  const { signal } = new AbortController()
  const answers: OwnAnswer[] = []
  try {
    for (const { behavior: text } of asked) {
      let ms = Number.POSITIVE_INFINITY
      let firstMs = 0
      let users = 0
      for (let round = 0; round < rounds; round++) {
        const started = performance.now()
        const [found] = await behaviors.detect(text, signal, { limit: 0 })
        ms = Math.min(ms, performance.now() - started)
        // the first has to read; those after it find the columns in memory
        if (round === 0) firstMs = ms
        users = found?.detection.users ?? 0
      }
      const [behavior] = await behaviors.read(text, signal)
      if (behavior?.body.kind !== 'sequence') throw new Error('no sequence')
      const { body } = behavior
      const plan = await planSequence(store, behavior, body)
      let matcherMs = 0
      let events = 0
      for await (const columns of readColumns(store.database, plan.request, signal)) {
        let best = Number.POSITIVE_INFINITY
        for (let round = 0; round < rounds; round++) {
          const started = performance.now()
          matchColumns(body, columns, Number.POSITIVE_INFINITY)
          best = Math.min(best, performance.now() - started)
        }
        matcherMs += best
        events += columns.length
      }
      answers.push({ users, events, ms, firstMs, matcherMs })
    }
    return answers
  } finally {
    await store.close()
  }
}

interface Answer {
  readonly answer: number
  readonly ms: number
}

/** Each question in the fastest of its forms. */
async function askDuckdb(file: string, parquet: string, asked: readonly Question[], rounds: number): Promise<readonly Answer[]> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(`CREATE TABLE events AS SELECT key, type, time::BIGINT AS time, product FROM '${parquet}' ORDER BY key, time`)
  await connection.run('CHECKPOINT')
  const answers: Answer[] = []
  for (const { name, duckdb } of asked) {
    let best: Answer | undefined
    for (const sql of duckdb) {
      for (let round = 0; round < rounds; round++) {
        const started = performance.now()
        const [row] = (await connection.runAndReadAll(sql)).getRowsJS()
        const ms = performance.now() - started
        const answer = Number(row?.[0])
        if (best !== undefined && best.answer !== answer) throw new Error(`${name}: two forms of SQL say ${best.answer} and ${answer}`)
        if (best === undefined || ms < best.ms) best = { answer, ms }
      }
    }
    if (best !== undefined) answers.push(best)
  }
  connection.closeSync()
  instance.closeSync()
  return answers
}

async function askClickhouse(parquet: string, asked: readonly Question[], rounds: number): Promise<readonly Answer[] | undefined> {
  if (!existsSync(libraries)) {
    mkdirSync(libraries, { recursive: true })
    const code = await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', libraries, 'chdb'])
    if (code !== 0) {
      rmSync(libraries, { recursive: true, force: true })
      process.stderr.write('chdb cannot be installed here: ClickHouse is left out\n')
      return undefined
    }
  }
  const child = spawn('python3', [resolve('e2e/bench/ask-clickhouse.py'), parquet, String(rounds)], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PYTHONPATH: libraries } })
  child.stdin.end(asked.map(({ clickhouse }) => `${JSON.stringify(clickhouse)}\n`).join(''))
  const answers: Answer[] = []
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line) as Answer)
  return answers
}

async function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    child.once('error', () => done(1))
    child.once('exit', (code) => done(code ?? 1))
  })
}
