import { AppError, toFailure } from '../../../shared/errors.ts'
import type { Match } from '../../../shared/model/match.ts'
import type { Coverage } from '../../../shared/model/coverage.ts'
import { readCoverage, readWatermark, since, type Since } from '../store/coverage.ts'
import { row, transaction, type DuckDBConnection } from '../store/database.ts'
import { appendMatches, confirmMatches, nextMatchId, removeMatches, savedMatches } from '../store/matches.ts'
import { hasSameDefinition, isAsItWas, lastRun, loadBehavior, loadBehaviors, removeUnfinished, saveFailure, saveResults, type RunResult, type SavedBehavior } from '../store/saved-behaviors.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import type { Emit } from '../runs/runs.ts'
import { tellMissed } from '../discover/recurring-alarm.ts'
import { findChanges, nothing, type Change } from './change.ts'
import { planSequence, type SequencePlan } from './detect.ts'
import { behaviorOf, runPopulation, runSequence } from './whole-run.ts'

/** After events came, this long is waited for more, in milliseconds. */
const gatherMs = 20
/** More new events than this are read with all the others, in one go. */
const manyEvents = 300_000

/** After a turn that failed, this long is waited for the next, in milliseconds, unless something is stored before. */
const retryMs = 5_000

/** What a turn has found out about one behavior, to be stored with the rest of the turn. */
interface Step {
  readonly saved: SavedBehavior
  readonly run: number
  readonly change: Change
}

/** A behavior that a turn could not decide. */
interface Failing {
  readonly saved: SavedBehavior
  readonly error: AppError
}

/**
 * Keeps the matches of the saved behaviors up to date. A turn looks at what has been stored since the last one and
 * decides anew what it touches; matches and how far they go are written in one transaction, so that a crash loses and
 * doubles nothing. A definition that is new, and events that changed behind the back of a behavior, take a run over
 * everything, beside the turns, while its former matches stay.
 */
export class Live {
  private readonly store: Store
  private readonly isRunning: (source: string) => boolean
  private readonly emit: Emit
  private saved: readonly SavedBehavior[] = []
  private reloads: Promise<void> = Promise.resolve()
  /** By the name of the behavior: its plan, and what it was made for. */
  private readonly plans = new Map<string, { readonly workspace: string; readonly text: string; readonly plan: SequencePlan }>()
  private timer: NodeJS.Timeout | undefined
  private retry: NodeJS.Timeout | undefined
  /** Why the last turn has failed. */
  private trouble: Error | undefined
  private turning: Promise<void> | undefined
  private again = false
  private stopped = false
  private whole: { readonly name: string; readonly cancel: AbortController; readonly done: Promise<void>; progress: { done: number; total: number } } | undefined
  private readonly waiting = new Set<string>()
  private lastTurnMs = 0
  private lastRun = 0

  constructor(store: Store, isRunning: (source: string) => boolean, emit: Emit) {
    this.store = store
    this.isRunning = isRunning
    this.emit = emit
  }

  /** Takes up where the last process has left off. */
  async start(): Promise<void> {
    await this.store.write(removeUnfinished)
    this.lastRun = await this.store.database.read(lastRun)
    await this.reload()
    this.store.onStored(() => this.poke())
    this.poke()
  }

  /** Every saved behavior as it is. */
  list(): readonly SavedBehavior[] {
    return this.saved
  }

  /** How far the run over everything is that a behavior waits for; undefined when there is none. */
  progressOf(name: string): { readonly done: number; readonly total: number } | undefined {
    if (this.whole?.name === name) return this.whole.progress
    return this.waiting.has(name) ? { done: 0, total: 0 } : undefined
  }

  /** Reads the behaviors anew, after something has changed them, and tells of what should have come by now and has not. */
  reload(): Promise<void> {
    // one after the other, or an older state could replace a newer one
    const reload = this.reloads.then(async () => {
      const before = this.saved
      await this.store.database.read(async (connection) => {
        this.saved = await loadBehaviors(connection)
        await tellMissed(connection, this.emit, before, this.saved)
      })
    })
    this.reloads = reload.catch(() => undefined)
    return reload
  }

  /** Something has changed: a turn follows soon. */
  poke(): void {
    if (this.stopped) return
    if (this.turning !== undefined) {
      this.again = true
      return
    }
    // no more than two thirds of the time, so that storing goes on
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.turning = this.turn().finally(() => {
        this.turning = undefined
        if (this.again) {
          this.again = false
          this.poke()
        }
      })
    }, Math.max(gatherMs, this.lastTurnMs / 2))
  }

  /** Ends the run over everything that a behavior is in; its former matches stay. @returns false when there is none */
  cancel(name: string): boolean {
    if (this.whole?.name !== name) return false
    this.whole.cancel.abort()
    return true
  }

  /** Waits until every behavior is up to date with what is stored now, or has failed. @throws what the last turn has failed with */
  async settle(): Promise<void> {
    for (;;) {
      await this.turning
      await this.whole?.done
      if (this.timer === undefined && this.turning === undefined && this.whole === undefined && !this.again) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    if (this.trouble !== undefined) throw this.trouble
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    this.timer = undefined
    clearTimeout(this.retry)
    this.whole?.cancel.abort()
    await this.turning
    await this.whole?.done
  }

  private async turn(): Promise<void> {
    const started = performance.now()
    clearTimeout(this.retry)
    try {
      await this.advance()
      this.trouble = undefined
    } catch (error) {
      // the store itself is in trouble, which whoever writes to it is told as well; the next turn begins where this one did
      this.trouble = error instanceof Error ? error : new Error(String(error))
      this.emit('behaviors.changed', { behaviors: [], failure: toFailure(error) })
      this.retry = setTimeout(() => this.poke(), retryMs).unref()
    }
    this.lastTurnMs = Math.min(2000, performance.now() - started)
  }

  private async advance(): Promise<void> {
    if (this.saved.length === 0) return
    // before the snapshot: events that were mapped by an older mapping must never pass for those of a newer
    const sources = this.store.listSources()
    const reader = await this.store.database.openSnapshot()
    const { connection } = reader
    let now: Coverage
    let watermark: number
    let hasNews = false
    const steps: Step[] = []
    const failing: Failing[] = []
    const whole: SavedBehavior[] = []
    try {
      now = await readCoverage(connection, sources)
      watermark = await readWatermark(connection, sources, this.isRunning)
      const removed = (await row(connection, 'SELECT epoch_us(max(removed_before))::DOUBLE AS time FROM retentions')).time as number | null
      const oldest = removed ?? Number.NEGATIVE_INFINITY
      const workspace = await vocabularyOf(connection, sources)
      const known = new Map<Coverage, Since>()
      const followed = new Map<Coverage, { readonly saved: SavedBehavior; readonly run: number }[]>()
      // of the moment that events and matches are of: what a run over everything has found meanwhile is for the next turn
      for (const saved of await loadBehaviors(connection)) {
        const { run, covered } = saved
        if (behaviorOf(saved.text).body.kind === 'population') {
          hasNews ||= saved.foundVersion !== saved.version
          continue
        }
        // what has failed, or was cancelled, would only fail again: its user decides when it is tried
        if (saved.failure !== undefined) continue
        if (run === undefined || covered === undefined || saved.foundVersion !== saved.version) {
          whole.push(saved)
          continue
        }
        if (this.whole?.name === saved.name) continue
        const news = known.has(covered) ? known.get(covered) : await since(connection, covered, now)
        known.set(covered, news)
        if (news === undefined || news.reduce((sum, { first, next }) => sum + Number(next - first), 0) > manyEvents) whole.push(saved)
        else followed.set(covered, [...(followed.get(covered) ?? []), { saved, run }])
      }
      for (const [covered, all] of followed) {
        const plans = []
        for (const { saved, run } of all) plans.push({ plan: await this.planOf(saved, workspace), run })
        const changes = await findChanges(this.store, connection, plans, known.get(covered) ?? [], watermark, oldest)
        for (const [index, { saved, run }] of all.entries()) {
          const change = changes[index] ?? nothing
          if (change instanceof AppError) failing.push({ saved, error: change })
          else steps.push({ saved, run, change })
        }
      }
    } finally {
      await reader.close()
    }
    hasNews ||= failing.length > 0 || steps.some(({ saved, change }) => change.events > 0 || saved.watermark === undefined || Number(saved.watermark) < watermark || !isSame(saved.covered, now))
    if (hasNews) await this.storeSteps(steps, failing, now, watermark)
    this.startWhole(whole)
  }

  /** Writes what a turn has found out, all of it or nothing; but for behaviors that were changed meanwhile, which the next turn looks at anew. */
  private async storeSteps(found: readonly Step[], failing: readonly Failing[], now: Coverage, watermark: number): Promise<void> {
    const changed = new Set<string>()
    const added: Match[] = []
    await this.store.write((connection) =>
      transaction(connection, async () => {
        const all = await loadBehaviors(connection)
        const current = new Map(all.map((saved) => [saved.name, saved]))
        const steps = found.filter(({ saved }) => isAsItWas(saved, current.get(saved.name)))
        for (const { saved, error } of failing) {
          if (!isAsItWas(saved, current.get(saved.name))) continue
          await saveFailure(connection, saved.name, textOf(error))
          changed.add(saved.name)
        }
        await removeMatches(connection, steps.flatMap(({ change }) => change.removed))
        let id = await nextMatchId(connection)
        for (const { saved, run, change } of steps) {
          await appendMatches(connection, savedMatches, run, id, change.added)
          id += change.added.length
          added.push(...change.added)
          if (change.removed.length > 0 || change.added.length > 0) changed.add(saved.name)
        }
        const confirmed = await confirmMatches(connection, steps.map(({ run }) => run), watermark)
        for (const { saved, run } of steps) if (confirmed.has(run)) changed.add(saved.name)
        await saveResults(connection, new Map(steps.map(({ saved, run, change }) => [saved.name, { run, version: saved.version, covered: now, watermark, events: saved.events + change.events, open: saved.open }])))
        for (const name of await this.storePopulations(connection, all, changed, now, watermark)) changed.add(name)
      }),
    )
    await this.reload()
    if (changed.size > 0) this.emit('behaviors.changed', { behaviors: [...changed] })
    if (added.length > 0) this.emit('matches.found', { matches: added.slice(0, 100), total: added.length })
  }

  /** Counts again, many at once, what stands on behaviors that have changed. Part of their transaction. */
  private async storePopulations(connection: DuckDBConnection, all: readonly SavedBehavior[], changed: ReadonlySet<string>, covered: Coverage, watermark: number): Promise<readonly string[]> {
    const done: string[] = []
    for (const saved of all) {
      const behavior = behaviorOf(saved.text)
      const { body } = behavior
      if (body.kind !== 'population' || (!changed.has(body.base) && saved.foundVersion === saved.version)) continue
      const base = all.find(({ name }) => name === body.base)
      if (base?.run === undefined || base.version !== base.foundVersion) continue
      const found = await runPopulation(connection, savedMatches, behavior, body, { behavior: behaviorOf(base.text), run: base.run })
      const run = saved.run ?? this.nextRun()
      await connection.run(`DELETE FROM matches WHERE run = ${run}`)
      await appendMatches(connection, savedMatches, run, await nextMatchId(connection), found)
      await saveResults(connection, new Map([[saved.name, { run, version: saved.version, covered, watermark, events: 0, open: 0 }]]))
      done.push(saved.name)
    }
    return done
  }

  /** A number for a run that no other has had, those that are under way and have stored nothing yet included. */
  private nextRun(): number {
    return ++this.lastRun
  }

  /** Searches everything for one of the behaviors that need it; the next one follows in a later turn. */
  private startWhole(all: readonly SavedBehavior[]): void {
    this.waiting.clear()
    for (const { name } of all) this.waiting.add(name)
    const [saved] = all
    if (saved === undefined || this.whole !== undefined || this.stopped) return
    const cancel = new AbortController()
    const whole = { name: saved.name, cancel, progress: { done: 0, total: 0 }, done: Promise.resolve() }
    this.whole = whole
    const end = (): void => {
      this.whole = undefined
      this.waiting.delete(saved.name)
    }
    whole.done = this.runWhole(saved, cancel.signal).then(
      () => {
        end()
        this.poke()
      },
      (error: unknown) => {
        // not even the failure could be stored: it is tried again when something else could
        end()
        this.emit('behaviors.changed', { behaviors: [], failure: toFailure(error) })
      },
    )
  }

  private async runWhole(saved: SavedBehavior, signal: AbortSignal): Promise<void> {
    const run = this.nextRun()
    // before the snapshot: events that were mapped by an older mapping must never pass for those of a newer
    const sources = this.store.listSources()
    try {
      const reader = await this.store.database.openSnapshot(signal)
      const { connection } = reader
      try {
        // a turn may have asked for it before another run, or a change of the definition, was seen
        if (!isAsItWas(saved, await loadBehavior(connection, saved.name))) return
        const covered = await readCoverage(connection, sources)
        const watermark = await readWatermark(connection, sources, this.isRunning)
        const append = async (matches: readonly Match[]): Promise<void> => {
          await this.store.write(async (writer) => appendMatches(writer, savedMatches, run, await nextMatchId(writer), matches))
        }
        const looked = await runSequence(this.store, connection, await this.planOf(saved, await vocabularyOf(connection, sources)), watermark, append, signal, (done, total) => {
          if (this.whole?.name === saved.name) this.whole.progress = { done, total }
          this.emit('job.progress', { job: `behavior ${saved.name}`, done, total })
        })
        await this.finishWhole(saved, { run, version: saved.version, covered, watermark, events: looked.events, open: looked.open })
      } catch (error) {
        throw reader.explain(error)
      } finally {
        await reader.close()
      }
    } catch (error) {
      await this.failWhole(saved, run, signal.aborted, error)
    }
  }

  private async finishWhole(saved: SavedBehavior, result: RunResult): Promise<void> {
    await this.store.write((connection) =>
      transaction(connection, async () => {
        const current = await loadBehavior(connection, saved.name)
        // removed or changed in the meantime: the run is of no use
        if (!hasSameDefinition(saved, current)) {
          await connection.run(`DELETE FROM matches WHERE run = ${result.run}`)
          return
        }
        if (current.run !== undefined) await connection.run(`DELETE FROM matches WHERE run = ${current.run}`)
        await saveResults(connection, new Map([[saved.name, result]]))
        await this.storePopulations(connection, await loadBehaviors(connection), new Set([saved.name]), result.covered, result.watermark)
      }),
    )
    await this.reload()
    this.emit('behaviors.changed', { behaviors: [saved.name] })
  }

  private async failWhole(saved: SavedBehavior, run: number, wasCancelled: boolean, error: unknown): Promise<void> {
    // an engine that closes begins again the next time
    if (this.stopped) return
    await this.store.write((connection) =>
      transaction(connection, async () => {
        const current = await loadBehavior(connection, saved.name)
        // its matches were stored: what has failed came after that
        if (current?.run === run) return
        await connection.run(`DELETE FROM matches WHERE run = ${run}`)
        if (hasSameDefinition(saved, current)) await saveFailure(connection, saved.name, wasCancelled ? 'Cancelled: the matches are those of the former run.' : textOf(error))
      }),
    )
    await this.reload()
    this.emit('behaviors.changed', { behaviors: [saved.name] })
  }

  /** A behavior's plan; made anew when the workspace has other fields or types. */
  private async planOf(saved: SavedBehavior, workspace: string): Promise<SequencePlan> {
    const { name, text } = saved
    const known = this.plans.get(name)
    if (known?.workspace === workspace && known.text === text) return known.plan
    const behavior = behaviorOf(text)
    if (behavior.body.kind !== 'sequence') throw new Error(`${name} is no sequence`)
    const plan = await planSequence(this.store, behavior, behavior.body)
    this.plans.set(name, { workspace, text, plan })
    return plan
  }
}

/** Changes whenever a workspace gets to know a type, an attribute or a source, or has other keys. */
async function vocabularyOf(connection: DuckDBConnection, sources: readonly StoredSource[]): Promise<string> {
  const { types, attributes } = await row(connection, 'SELECT (SELECT count(*) FROM types) AS types, (SELECT count(*) FROM attributes) AS attributes')
  return JSON.stringify([String(types), String(attributes), sources.map(({ mapping }) => mapping.key)])
}

function textOf(error: unknown): string {
  const { message, hint } = toFailure(error)
  return hint === undefined ? message : `${message} ${hint}`
}

function isSame(a: Coverage | undefined, b: Coverage): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
