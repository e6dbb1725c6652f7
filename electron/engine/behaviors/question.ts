import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Detection, Match } from '../../../shared/model/match.ts'
import { toArrow } from '../store/arrow.ts'
import { readCoverage, readWatermark } from '../store/coverage.ts'
import { loadSources, type StoredSource } from '../store/sources.ts'
import { appendMatches, makeMatchTable, matchRowsSql, readMatches, streamMatches, summarizeMatches, type MatchTable } from '../store/matches.ts'
import type { Reader } from '../store/database.ts'
import type { ResidentColumns } from '../store/resident-columns.ts'
import type { Store } from '../store/store.ts'
import { countWanted } from '../store/read-columns.ts'
import { countMatches, planSequence, type SequencePlan } from './detect.ts'
import { runPopulation, runSequence, type Progress } from './whole-run.ts'

/** How a behavior is asked for. */
export interface FindOptions {
  /** About so many events are looked at, in whole keys; all where it is left out. */
  readonly sample?: number
  readonly progress?: Progress
}

/** A run of this question, by its number in the table. */
interface AskedRun {
  readonly run: number
  readonly looked: { readonly events: number; readonly open: number; readonly share?: number }
}

/**
 * Behaviors that are asked for once: their matches lie in a temporary table, which spills to disk, so that there may be
 * more of them than memory holds. All see the events of one moment.
 */
export class Question {
  private readonly store: Store
  private readonly columns: ResidentColumns
  private readonly reader: Reader
  private readonly table: MatchTable
  private readonly signal: AbortSignal
  /** As they are in the moment of the question. */
  private readonly sources: readonly StoredSource[]
  private readonly watermark: number
  /** By the name of the behavior. */
  private readonly runs = new Map<string, AskedRun>()
  private nextId = 1

  private constructor(store: Store, columns: ResidentColumns, reader: Reader, table: MatchTable, signal: AbortSignal, sources: readonly StoredSource[], watermark: number) {
    this.store = store
    this.columns = columns
    this.reader = reader
    this.table = table
    this.signal = signal
    this.sources = sources
    this.watermark = watermark
  }

  /** Begins a question; it must be closed. */
  static async open(store: Store, columns: ResidentColumns, signal: AbortSignal, isRunning: (source: string) => boolean): Promise<Question> {
    const reader = await store.database.openSnapshot(signal)
    const { connection } = reader
    try {
      const sources = await loadSources(connection)
      return new Question(store, columns, reader, await makeMatchTable(connection), signal, sources, await readWatermark(connection, sources, isRunning))
    } catch (error) {
      await reader.close()
      throw reader.explain(error)
    }
  }

  /** Finds the matches of a behavior and of what it stands on. */
  async find(behavior: Behavior, all: readonly Behavior[], options: FindOptions = {}): Promise<Detection> {
    try {
      const { run, looked } = await this.runOf(behavior, all, options)
      const counts = await summarizeMatches(this.reader.connection, this.table, run)
      return { behavior: behavior.name, ...counts, ...looked, ...(Number.isFinite(this.watermark) ? { watermark: BigInt(this.watermark) } : {}) }
    } catch (error) {
      throw this.reader.explain(error)
    }
  }

  /** Counts the matches of a behavior and makes its first ones; undefined where it takes all of them to know how many there are. */
  async count(behavior: Behavior, keep: number, options: FindOptions = {}): Promise<{ readonly detection: Detection; readonly matches: readonly Match[] } | undefined> {
    const { body } = behavior
    if (body.kind === 'population' || body.every !== undefined) return undefined
    const { connection } = this.reader
    try {
      const { plan, share } = await this.sampled(await planSequence(this.store, behavior, body, this.signal), options)
      const { progress } = options
      const total = progress === undefined ? 0 : await countWanted(connection, plan.request)
      const { first, ...counts } = await countMatches(this.store, this.columns.read(connection, { ...plan.request, positions: keep > 0 }, await readCoverage(connection, this.sources)), plan, this.watermark, keep, this.signal, (done) => progress?.(done, total))
      return { detection: { behavior: behavior.name, ...counts, ...(share === undefined ? {} : { share }), ...(Number.isFinite(this.watermark) ? { watermark: BigInt(this.watermark) } : {}) }, matches: first }
    } catch (error) {
      throw this.reader.explain(error)
    }
  }

  /** The first matches of a behavior that was found. */
  async matches(name: string, limit: number): Promise<readonly Match[]> {
    const run = this.runs.get(name)?.run ?? -1
    return (await readMatches(this.reader.connection, this.table, { behavior: name, run, limit })).map(({ match }) => match)
  }

  /** Every match of a behavior that was found, in order. */
  async *all(name: string): AsyncGenerator<readonly Match[]> {
    const run = this.runs.get(name)?.run ?? -1
    for await (const some of streamMatches(this.reader.connection, this.table, { behavior: name, run })) yield some.map(({ match }) => match)
  }

  /** {@link all} as rows of the stream `behaviors.all`. */
  async *rows(name: string): AsyncGenerator<Uint8Array> {
    try {
      yield* toArrow(await this.reader.connection.stream(matchRowsSql(this.table, this.runs.get(name)?.run ?? -1), [name]))
    } catch (error) {
      throw this.reader.explain(error)
    }
  }

  async close(): Promise<void> {
    await this.reader.close()
  }

  /** A plan for part of the keys, where only a sample is asked for. */
  private async sampled(plan: SequencePlan, { sample }: FindOptions): Promise<{ readonly plan: SequencePlan; readonly share?: number }> {
    const parts = sample === undefined ? 1 : Math.max(1, Math.ceil((await countWanted(this.reader.connection, plan.request)) / sample))
    if (parts === 1) return { plan }
    return { plan: { ...plan, request: { ...plan.request, only: `hash(${plan.request.by[0]?.column ?? ''}) % ${parts} = 0` } }, share: 1 / parts }
  }

  private async runOf(behavior: Behavior, all: readonly Behavior[], options: FindOptions): Promise<AskedRun> {
    const known = this.runs.get(behavior.name)
    if (known !== undefined) return known
    const { body } = behavior
    const { connection } = this.reader
    const append = async (run: number, matches: readonly Match[]): Promise<void> => {
      await appendMatches(connection, this.table, run, this.nextId, matches)
      this.nextId += matches.length
    }
    let run: number
    let looked: AskedRun['looked'] = { events: 0, open: 0 }
    if (body.kind === 'population') {
      const base = all.find(({ name }) => name === body.base)
      if (base === undefined) throw new AppError('NOT_FOUND', `There is no behavior "${body.base}".`)
      const found = await this.runOf(base, all, options)
      run = this.runs.size + 1
      looked = { ...found.looked, open: 0 }
      await append(run, await runPopulation(connection, this.table, behavior, body, { behavior: base, run: found.run }))
    } else {
      run = this.runs.size + 1
      const { plan, share } = await this.sampled(await planSequence(this.store, behavior, body, this.signal), options)
      const { events, open } = await runSequence(this.store, connection, plan, this.watermark, (matches) => append(run, matches), this.signal, options.progress)
      looked = { events, open, ...(share === undefined ? {} : { share }) }
    }
    const made = { run, looked }
    this.runs.set(behavior.name, made)
    return made
  }
}
