import { AppError } from '../../../shared/errors.ts'
import type { EventName, EventValue } from '../../../shared/contract/events.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import { Pipeline, type PipelineParts } from '../pipeline/pipeline.ts'
import type { PreparedBatch, Store } from '../store/store.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Source } from '../sources/source.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import type { Decoded } from '../decode/record.ts'

/** Listeners hear of progress at most this often, in milliseconds. */
const progressEvery = 250

export type Emit = <N extends EventName>(name: N, value: EventValue<N>) => void

/** What a source is reserved for, as others are told. */
type Doing = 'started' | 'decoded anew'

/** The sources that are being read: one pipeline each. */
export class Runs {
  private readonly store: Store
  private readonly emit: Emit
  private readonly pipelines = new Map<string, Pipeline<PreparedBatch>>()
  /** What is being done with the sources that are reserved, by their names. */
  private readonly reserved = new Map<string, Doing>()
  private readonly endedListeners: (() => void)[] = []

  constructor(store: Store, emit: Emit) {
    this.store = store
    this.emit = emit
  }

  /** @throws AppError CONFLICT when the source is being read already */
  ensureFree(name: string): void {
    if (this.isRunning(name)) throw new AppError('CONFLICT', `${name} is being read already.`, { hint: 'Stop it first.' })
  }

  /**
   * Keeps sources for `work`, which may start them: nobody else can reserve them before it is done.
   *
   * @throws AppError CONFLICT, before `work` begins, when one of them is reserved already
   */
  async reserve<T>(names: readonly string[], doing: Doing, work: () => Promise<T>): Promise<T> {
    for (const name of names) {
      const current = this.reserved.get(name)
      if (current !== undefined) throw new AppError('CONFLICT', `${name} is being ${current}.`, { hint: 'Try again when that is done.' })
    }
    for (const name of names) this.reserved.set(name, doing)
    try {
      return await work()
    } finally {
      for (const name of names) this.reserved.delete(name)
    }
  }

  isRunning(name: string): boolean {
    const state = this.pipelines.get(name)?.snapshot().state
    return state !== undefined && !hasEnded(state)
  }

  /** Calls `listener` when a source is no longer read, whether it has finished, was stopped or has failed. */
  onEnded(listener: () => void): void {
    this.endedListeners.push(listener)
  }

  /** Starts to read a source into the store. `onEnd` runs when every record is stored, before the run counts as finished. */
  start(stored: StoredSource, reader: Source, decode: (batch: RecordBatch, signal: AbortSignal) => Promise<readonly Decoded[]>, onEnd?: () => Promise<void>): Pipeline<PreparedBatch> {
    this.ensureFree(stored.name)
    let lastState: SourcePipeline['state'] | undefined
    let lastProgress = 0
    const parts: PipelineParts<PreparedBatch> = {
      name: stored.name,
      source: reader,
      prepare: async (batch, signal) => this.store.prepare(stored, batch, await decode(batch, signal)),
      store: (prepared) => this.store.commit(prepared),
      discard: (prepared) => this.store.discard(prepared),
      ...(onEnd === undefined ? {} : { onEnd }),
      onChange: (state) => {
        const now = Date.now()
        if (state.state !== lastState || state.state === 'reconnecting') {
          lastState = state.state
          this.emit('source.changed', { source: stored.name, state: state.state, ...(state.failure === undefined ? {} : { failure: state.failure }) })
          if (hasEnded(state.state)) for (const listener of this.endedListeners) listener()
        } else if (now - lastProgress < progressEvery) return
        lastProgress = now
        this.emit('pipeline.progress', state)
      },
    }
    const pipeline = new Pipeline(parts)
    this.pipelines.set(stored.name, pipeline)
    return pipeline
  }

  /** The pipeline of a source. @throws AppError NOT_FOUND when it was never started here */
  get(name: string): Pipeline<PreparedBatch> {
    const pipeline = this.pipelines.get(name)
    if (pipeline === undefined) throw new AppError('NOT_FOUND', `${name} is not being read.`)
    return pipeline
  }

  snapshots(): SourcePipeline[] {
    return [...this.pipelines.values()].map((pipeline) => pipeline.snapshot())
  }

  /** Stops every pipeline. */
  async stop(): Promise<void> {
    await Promise.all([...this.pipelines.values()].map((pipeline) => pipeline.stop()))
  }
}

function hasEnded(state: SourcePipeline['state']): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed'
}
