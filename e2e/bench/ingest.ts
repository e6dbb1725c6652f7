import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startBroker, type Broker } from '../kafka/broker.ts'
import { createTopic } from '../kafka/topics.ts'
import { produce } from '../kafka/produce.ts'
import { printTable, type Figure } from './report.ts'
import { shopRecords } from './shop-records.ts'

const run = promisify(execFile)

/** What one part of the bench has measured; each part is a process of its own, so that memory and CPU are its own. */
export interface PartResult {
  readonly events: number
  /** From the first fetch to the last record counted or committed. */
  readonly seconds: number
  /** Largest resident set in MB. */
  readonly peakMb: number
  /** CPU seconds, user and system. */
  readonly cpuSeconds: number
  readonly notes?: Readonly<Record<string, number | string>>
}

const parts = {
  a: 'kafkajs consuming and only counting',
  b: 'undercurrent, to committed rows',
  c: 'bare DuckDB appender, same rows from memory',
  d: 'kcat piped into read_json',
} as const
type Part = keyof typeof parts

const topic = 'bench'
const partitions = 4

/**
 * Measures ingest on one topic of `events` shop events of about 300 bytes, the four ways of {@link parts}, in one run and
 * in turns, and prints events a second, ratios, peak memory and CPU as a table and as JSON.
 *
 * @param rounds how often each way is measured; the median counts
 */
export async function benchIngest({ events = 1_000_000, rounds = 3 }: { readonly events?: number; readonly rounds?: number }): Promise<void> {
  const broker = await startBroker({ heap: 512 })
  try {
    await createTopic(broker, topic, { partitions })
    process.stderr.write(`producing ${events.toLocaleString('en-US')} events\n`)
    await produce(broker, topic, shopRecords(events, partitions), { batch: 2000 })
    const results = new Map<Part, PartResult[]>()
    for (let round = 0; round < rounds; round++) {
      for (const part of Object.keys(parts) as Part[]) {
        const result = await measure(part, broker, events)
        if (result === undefined) continue
        results.set(part, [...(results.get(part) ?? []), result])
        process.stderr.write(`round ${round + 1} (${part}) ${Math.round(result.events / result.seconds).toLocaleString('en-US')} events/s\n`)
      }
    }
    report(results, events)
  } finally {
    await broker.stop()
  }
}

async function measure(part: Part, broker: Broker, events: number): Promise<PartResult | undefined> {
  if (part === 'd') return measureKcat(broker, events)
  const script = fileURLToPath(new URL(`ingest-${part}.js`, import.meta.url))
  const { stdout } = await run(process.execPath, [script, broker.brokers, topic, String(events)], { maxBuffer: 1 << 24 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PartResult
}

/** The peer pipeline that people build by hand. DuckDB reads the pipe through the same binding as everything else here. */
async function measureKcat(broker: Broker, events: number): Promise<PartResult | undefined> {
  if (spawnSync('kcat', ['-V']).error !== undefined) {
    process.stderr.write('(d) skipped: kcat is not installed (Debian package kcat)\n')
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-bench-'))
  try {
    const script = fileURLToPath(new URL('ingest-d.js', import.meta.url))
    const { stdout } = await run(process.execPath, [script, broker.brokers, topic, String(events), folder], { maxBuffer: 1 << 24 })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PartResult
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(results: ReadonlyMap<Part, readonly PartResult[]>, events: number): void {
  const rate = (part: Part): number => median((results.get(part) ?? []).map((result) => result.events / result.seconds))
  const slower = Math.min(rate('a'), rate('c'))
  const figures: Figure[] = [...results].map(([part, list]) => ({
    way: `(${part}) ${parts[part]}`,
    'events/s': Math.round(rate(part)),
    'to the slower of (a), (c)': Number((rate(part) / slower).toFixed(2)),
    'peak MB': Math.round(Math.max(...list.map(({ peakMb }) => peakMb))),
    'CPU µs/event': Number(median(list.map(({ cpuSeconds }) => (cpuSeconds * 1e6) / events)).toFixed(1)),
    ...list.at(-1)?.notes,
  }))
  printTable(figures)
  process.stdout.write(`${JSON.stringify({ bench: 'ingest', events, figures })}\n`)
}

/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? NaN
}

/** The size of a file in MB, 0 where there is none. */
export function fileMb(path: string): number {
  return Math.round((statSync(path, { throwIfNoEntry: false })?.size ?? 0) / 1e6)
}
