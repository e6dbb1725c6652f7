import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { condense } from '../../shared/discover/sequences/condense.ts'
import { Miner } from '../../shared/discover/sequences/miner.ts'
import type { SequenceData } from '../../shared/discover/sequences/sequence-data.ts'
import { printTable, type Figure } from './report.ts'

const visits = resolve(process.env.UNDERCURRENT_DATA ?? '../shared/data', 'msnbc/MSNBC.txt')
/** So many copies of the visits, each under users of its own, are ten million events. */
const copiesOfTenMillion = 24

/** Each in a process of its own, so that its peak of memory is its own. */
const runs: readonly { readonly support: number; readonly copies: number }[] = [{ support: 0.05, copies: 1 }, { support: 0.02, copies: 1 }, { support: 0.01, copies: copiesOfTenMillion }]

/** Mines the paths through msnbc.com, without limits of distance: from the file to the last pattern, and to the closed ones. */
export async function benchMine({ rounds = 3 }: { readonly rounds?: number }): Promise<void> {
  if (!existsSync(visits)) {
    process.stderr.write(`MSNBC is not at ${visits}; UNDERCURRENT_DATA names the folder that has msnbc/MSNBC.txt\n`)
    process.exitCode = 2
    return
  }
  const figures = runs.map(({ support, copies }) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, String(support), String(copies), String(copies === 1 ? rounds : 1)], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as Figure
  })
  printTable(figures)
  process.stdout.write(`${JSON.stringify({ bench: 'mine', figures })}\n`)
  return Promise.resolve()
}

/** Reads sequences in SPMF's form: items end in -1, a line in -2. */
function read(copies: number): SequenceData {
  const lines = readFileSync(visits, 'utf8').trimEnd().split('\n')
  const items: number[] = []
  const starts = [0]
  for (const line of lines) {
    for (const item of line.split(' -1 ').slice(0, -1)) items.push(Number(item))
    starts.push(items.length)
  }
  const data = { items: new Int32Array(items.length * copies), starts: new Int32Array(lines.length * copies + 1), time: new Float64Array(0), itemCount: Math.max(...new Set(items)) + 1 }
  for (let copy = 0; copy < copies; copy++) {
    data.items.set(items, copy * items.length)
    for (let line = 0; line <= lines.length; line++) data.starts[copy * lines.length + line] = copy * items.length + (starts[line] as number)
  }
  return data
}

function mineOnce(support: number, copies: number): Figure {
  const started = performance.now()
  const data = read(copies)
  const readMs = performance.now() - started
  const miner = new Miner(data, { minSupport: Math.ceil(support * (data.starts.length - 1)), maxLength: 1000, repeats: true, mostPatterns: 10_000_000 })
  while (!miner.run(10_000_000));
  const minedMs = performance.now() - started
  const closed = condense(miner.patterns, miner.found(), { keep: 'closed', limited: false, repeats: true })
  const seconds = (ms: number): number => Math.round(ms) / 1000
  return { support, events: data.items.length, sequences: data.starts.length - 1, patterns: miner.patterns.size, closed: closed.length, 'read s': seconds(readMs), 'mined s': seconds(minedMs), 'closed s': seconds(performance.now() - started), 'peak MB': Math.round(process.resourceUsage().maxRSS / 1000) }
}

if (process.argv[1] === import.meta.filename) {
  const [support, copies, rounds] = process.argv.slice(2).map(Number) as [number, number, number]
  const figures = Array.from({ length: rounds }, () => mineOnce(support, copies)).sort((a, b) => Number(a['mined s']) - Number(b['mined s']))
  process.stdout.write(JSON.stringify(figures[Math.floor((figures.length - 1) / 2)]))
}
