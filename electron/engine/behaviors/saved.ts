import { lineAndColumn } from '../../../shared/behavior/problem.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import type { CallHandlers } from '../../../shared/contract/service.ts'
import { AppError } from '../../../shared/errors.ts'
import type { BehaviorState } from '../../../shared/model/behavior.ts'
import type { Emit } from '../runs/runs.ts'
import { transaction, type DuckDBConnection } from '../store/database.ts'
import { countMatches, readMatches, savedMatches, summarizeMatches } from '../store/matches.ts'
import { hasAttribute, readBreakdown, readMatchVolume, readStepTimes, readTrend } from '../store/match-statistics.ts'
import { forgetResult, loadBehaviors, removeDefinition, runOf, saveDefinition, type SavedBehavior } from '../store/saved-behaviors.ts'
import type { Store } from '../store/store.ts'
import type { Behaviors } from './behaviors.ts'
import { explain } from './explain.ts'
import { readFunnel } from './funnel.ts'
import type { Live } from './live.ts'
import { behaviorOf } from './whole-run.ts'

/** The behaviors that are kept in a workspace: their definitions, and what is asked about their matches. */
export class SavedBehaviors {
  private readonly store: Store
  private readonly behaviors: Behaviors
  private readonly live: Live
  private readonly emit: Emit

  constructor(store: Store, behaviors: Behaviors, live: Live, emit: Emit) {
    this.store = store
    this.behaviors = behaviors
    this.live = live
    this.emit = emit
  }

  /** The definitions, as they were parsed. */
  definitions(): readonly Behavior[] {
    return this.live.list().map(({ text }) => behaviorOf(text))
  }

  /** Keeps every behavior of a text; one whose text is the same as before stays as it is. @throws AppError BAD_REQUEST */
  async save(text: string, signal: AbortSignal): Promise<readonly string[]> {
    const behaviors = await this.behaviors.read(text, signal, this.definitions())
    if (behaviors.length === 0) throw new AppError('BAD_REQUEST', 'There is no behavior in this text.', { hint: 'Begin with: sequence "a name" by user' })
    const known = new Map(this.live.list().map((saved) => [saved.name, saved.text]))
    const texts = behaviors.map(({ name, span }) => ({ name, text: text.slice(span.start, span.end).trim() }))
    const changed = texts.filter((one) => known.get(one.name) !== one.text)
    await this.store.write((connection) =>
      transaction(connection, async () => {
        for (const one of changed) await saveDefinition(connection, one.name, one.text)
      }),
    )
    for (const { name } of changed) this.live.cancel(name)
    await this.live.reload()
    this.live.poke()
    this.emit('behaviors.changed', { behaviors: changed.map(({ name }) => name) })
    return behaviors.map(({ name }) => name)
  }

  /** @throws AppError NOT_FOUND, CONFLICT when another behavior stands on it */
  async remove(name: string): Promise<void> {
    this.find(name)
    const above = this.definitions().find(({ body }) => body.kind === 'population' && body.base === name)
    if (above !== undefined) throw new AppError('CONFLICT', `"${above.name}" stands on "${name}".`, { hint: `Remove "${above.name}" first.` })
    this.live.cancel(name)
    await this.store.write((connection) => transaction(connection, () => removeDefinition(connection, name)))
    await this.live.reload()
    this.emit('behaviors.changed', { behaviors: [name] })
  }

  /** Searches all events for a behavior again. */
  async run(name: string): Promise<void> {
    this.find(name)
    await this.store.write((connection) => transaction(connection, () => forgetResult(connection, name)))
    await this.live.reload()
    this.live.poke()
  }

  async list(): Promise<BehaviorState[]> {
    return this.store.database.read(async (connection) => {
      const states: BehaviorState[] = []
      for (const saved of await loadBehaviors(connection)) states.push(await this.stateOf(connection, saved))
      return states
    })
  }

  /** Whose matches are asked for. @throws AppError NOT_FOUND */
  find(name: string): SavedBehavior {
    const saved = this.live.list().find((one) => one.name === name)
    if (saved === undefined) throw new AppError('NOT_FOUND', `This workspace has no behavior named "${name}".`, { hint: 'See what there is with `undercurrent behaviors`.' })
    return saved
  }

  /** The calls of the contract that ask about behaviors. */
  handlers(): Pick<CallHandlers<AbortSignal>, Extract<keyof CallHandlers<AbortSignal>, `behaviors.${string}`>> {
    const { database } = this.store
    const readMatchesOf = async <T>(name: string, signal: AbortSignal, work: (connection: DuckDBConnection, run: number) => Promise<T>): Promise<T> => {
      this.find(name)
      return database.read(async (connection) => work(connection, await runOf(connection, name)), signal)
    }
    return {
      'behaviors.check': async ({ text }, signal) =>
        (await this.behaviors.check(text, signal, this.definitions())).map(({ severity, message, span, suggestion }) => ({ severity, message, ...span, ...lineAndColumn(text, span.start), ...(suggestion === undefined ? {} : { suggestion }) })),
      'behaviors.detect': async ({ text, limit, sample }, signal) =>
        (await this.behaviors.detect(text, signal, { limit, ...(sample === undefined ? {} : { sample }), saved: this.definitions(), progress: (done, total) => this.emit('job.progress', { job: 'detect', done, total }) })).map(({ detection, matches }) => ({ detection, matches: [...matches] })),
      'behaviors.vocabulary': async (_, signal) => {
        const { types, fields } = await this.behaviors.vocabulary(signal)
        return { types: [...types], fields: [...fields].map(([path, kind]) => ({ path, kind })), behaviors: this.live.list().map(({ name }) => name) }
      },
      'behaviors.save': async ({ text }, signal) => ({ names: [...(await this.save(text, signal))] }),
      'behaviors.list': () => this.list(),
      'behaviors.remove': async ({ name }) => {
        await this.remove(name)
        return {}
      },
      'behaviors.run': async ({ name }) => {
        await this.run(name)
        return {}
      },
      'behaviors.cancel': ({ name }) => {
        this.live.cancel(name)
        return Promise.resolve({})
      },
      'behaviors.settled': async () => {
        await this.live.settle()
        return {}
      },
      'behaviors.matches': ({ name, ...query }, signal) =>
        readMatchesOf(name, signal, async (connection, run) => {
          const asked = { behavior: name, run, ...query }
          return { matches: (await readMatches(connection, savedMatches, asked)).map(({ match }) => match), total: await countMatches(connection, asked) }
        }),
      'behaviors.explain': async ({ text, name, key }, signal) => [...(await explain(this.store, await this.oneOf(text, name, signal), key, await this.behaviors.watermark(signal), signal))],
      'behaviors.funnel': async ({ text, name }, signal) => [...(await readFunnel(this.store, await this.oneOf(text, name, signal), await this.behaviors.watermark(signal), signal))],
      'behaviors.times': async ({ name }, signal) => [...(await readMatchesOf(name, signal, readStepTimes))],
      'behaviors.volume': ({ name, resolution }, signal) => readMatchesOf(name, signal, (connection, run) => readMatchVolume(connection, run, resolution)),
      'behaviors.breakdown': ({ name, attribute, limit }, signal) =>
        readMatchesOf(name, signal, async (connection, run) => {
          if (!(await hasAttribute(connection, attribute))) throw new AppError('BAD_REQUEST', `No event has an attribute ${attribute}.`)
          return readBreakdown(connection, run, attribute, limit)
        }),
    }
  }

  /** The behavior of a text that has the name; the first where none is given. */
  private async oneOf(text: string, name: string | undefined, signal: AbortSignal): Promise<Behavior> {
    const all = await this.behaviors.read(text, signal, this.definitions())
    const behavior = name === undefined ? all[0] : all.find((one) => one.name === name)
    if (behavior === undefined) throw new AppError('NOT_FOUND', name === undefined ? 'There is no behavior in this text.' : `There is no behavior named "${name}" in this text.`)
    return behavior
  }

  private async stateOf(connection: DuckDBConnection, saved: SavedBehavior): Promise<BehaviorState> {
    const { name, version, text, savedAt, foundVersion, failure, events, open, watermark, foundAt, run } = saved
    const progress = this.live.progressOf(name)
    const counts = run === undefined ? { occurrences: 0, users: 0, pending: 0, tied: 0 } : await summarizeMatches(connection, savedMatches, run)
    const trend = run === undefined ? [] : await readTrend(connection, run)
    const state = failure !== undefined ? 'failed' : progress !== undefined && progress.total > 0 ? 'running' : foundVersion === version ? 'live' : 'waiting'
    return {
      name, version, text, savedAt, state, ...counts, events, open, trend: [...trend],
      ...(foundVersion === undefined ? {} : { foundVersion }),
      ...(progress === undefined ? {} : { progress }),
      ...(failure === undefined ? {} : { failure }),
      ...(watermark === undefined ? {} : { watermark }),
      ...(foundAt === undefined ? {} : { foundAt }),
    }
  }
}
