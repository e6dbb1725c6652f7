import { setTimeout as sleep } from 'node:timers/promises'
import { toFailure, type Failure } from '../../../shared/errors.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import { RecordBatchBuilder, type RecordBatch } from '../sources/record-batch.ts'
import type { Source, SourceNotice, SourceSink } from '../sources/source.ts'
import type { Stored } from '../store/ingest.ts'
import { Gate } from './gate.ts'
import { Meter } from './meter.ts'

/** What a pipeline is made of. `P` is a batch that is decoded and mapped. */
export interface PipelineParts<P> {
  readonly name: string
  readonly source: Source
  /** The decode stage. Runs for one batch while `store` runs for the batch before it. */
  readonly prepare: (batch: RecordBatch, signal: AbortSignal) => Promise<P>
  /** The store stage: what it has returned from is durable. */
  readonly store: (prepared: P) => Promise<Stored>
  /** Gives up a prepared batch that will not be stored. */
  readonly discard: (prepared: P) => void
  /** Runs when every record is stored, before the pipeline counts as finished. */
  readonly onEnd?: () => Promise<void>
  readonly onChange: (state: SourcePipeline) => void
}

/**
 * Bounds of what may wait in front of a stage. A batch of 16,000 records or a little more keeps DuckDB efficient (the
 * cost of a transaction spreads) while three batches in flight stay under 500 ms of commit delay at full rate.
 */
const queueRecords = 16_000
const queueBytes = 16 * 1024 * 1024
/** At low rates a commit waits this long for company. */
const lingerMs = 100

interface Prepared<P> {
  readonly batch: RecordBatch
  readonly prepared: P
}

type State = SourcePipeline['state']

/**
 * Moves the records of one source through the stages source, decode and store. Each stage has a bounded queue in front of
 * it: when the store is slow, the decoder waits, then the source, and memory stays flat.
 */
export class Pipeline<P> {
  /** Settles at the end of the source; rejects with what made the pipeline fail. A stopped pipeline settles. */
  readonly finished: Promise<void>
  private readonly parts: PipelineParts<P>
  private readonly stopping = new AbortController()
  private builder = new RecordBatchBuilder()
  private readonly arrived = new Gate()
  private readonly room = new Gate()
  private readonly prepared: Prepared<P>[] = []
  private readonly preparedArrived = new Gate()
  private readonly preparedRoom = new Gate()
  private sourceEnded = false
  private decodeEnded = false
  private state: State = 'starting'
  private paused = false
  /** The source has nothing left for now; that is said when all of it is stored. */
  private atHead = false
  private failure: Failure | undefined
  private fatal: Error | undefined
  private nextAttempt: number | undefined
  private lag: number | undefined
  private total: number | undefined
  private commitDelayMs: number | undefined
  private readonly totals = { events: 0, deadLetters: 0, late: 0, bytes: 0 }
  private readonly meters = { source: new Meter(), decode: new Meter(), store: new Meter() }

  constructor(parts: PipelineParts<P>) {
    this.parts = parts
    this.finished = this.run()
    // whoever waits for `finished` sees the failure; nobody has to
    this.finished.catch(() => undefined)
  }

  /** Stops reading; what has been read and not yet stored is dropped and will be read again. */
  async stop(): Promise<void> {
    this.end()
    await this.finished.catch(() => undefined)
  }

  /** Holds the source back; what is on its way is still stored. */
  pause(): void {
    if (this.isOver) return
    this.paused = true
    this.change('paused')
  }

  resume(): void {
    if (this.isOver || !this.paused) return
    this.paused = false
    this.room.open()
    this.change('reading')
  }

  /** Where the pipeline stands. */
  snapshot(): SourcePipeline {
    const { source, decode, store } = this.meters
    const waiting = this.prepared[0]
    const stage = (name: 'source' | 'decode' | 'store', meter: Meter, batches: number, bytes: number): SourcePipeline['stages'][number] => ({
      stage: name, records: meter.records, rate: meter.rate, busy: meter.busy, queuedBatches: batches, queuedBytes: bytes, queueLimitBytes: queueBytes,
    })
    return {
      source: this.parts.name,
      state: this.state,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
      ...(this.nextAttempt === undefined ? {} : { nextAttempt: this.nextAttempt }),
      stages: [
        stage('source', source, 0, 0),
        stage('decode', decode, this.builder.isEmpty ? 0 : 1, this.builder.bytes),
        stage('store', store, waiting === undefined ? 0 : 1, waiting?.batch.bytes ?? 0),
      ],
      ...this.totals,
      ...(this.lag === undefined ? {} : { lag: this.lag + source.records - store.records }),
      ...(this.total === undefined ? {} : { total: this.total }),
      ...(this.commitDelayMs === undefined ? {} : { commitDelayMs: this.commitDelayMs }),
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping
    const stages = [this.runSource(signal), this.runDecode(signal), this.runStore(signal)]
    await Promise.all(stages.map((stage) => stage.catch((error: unknown) => this.fail(error))))
    for (const { prepared } of this.prepared.splice(0)) this.parts.discard(prepared)
    if (!signal.aborted) await Promise.resolve(this.parts.onEnd?.()).catch((error: unknown) => this.fail(error))
    if (this.fatal !== undefined) throw this.fatal
    this.change(signal.aborted ? 'stopped' : 'finished')
  }

  /** The first failure ends every stage; what follows from it is not reported again. */
  private fail(error: unknown): void {
    if (this.stopping.signal.aborted) return
    this.fatal = error instanceof Error ? error : new Error(String(error))
    this.failure = toFailure(error)
    this.change('failed')
    this.end()
  }

  private end(): void {
    this.stopping.abort()
    for (const gate of [this.arrived, this.room, this.preparedArrived, this.preparedRoom]) gate.open()
  }

  private async runSource(signal: AbortSignal): Promise<void> {
    const sink: SourceSink = {
      collect: async (write) => {
        while ((this.paused || this.builder.size >= queueRecords || this.builder.bytes >= queueBytes) && !signal.aborted) await this.room.wait()
        signal.throwIfAborted()
        const before = this.builder.size
        const started = performance.now()
        write(this.builder)
        this.meters.source.add(this.builder.size - before, performance.now() - started)
        this.arrived.open()
      },
      notice: (notice) => this.notice(notice),
    }
    try {
      await this.parts.source.run(sink, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.sourceEnded = true
      this.arrived.open()
    }
  }

  private async runDecode(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        if (this.builder.isEmpty) {
          if (this.sourceEnded) return
          await this.arrived.wait()
          continue
        }
        if (!this.sourceEnded && this.builder.size < queueRecords / 2 && this.prepared.length === 0) await sleep(lingerMs, undefined, { signal }).catch(() => undefined)
        while (this.prepared.length > 0 && !signal.aborted) await this.preparedRoom.wait()
        if (signal.aborted) return
        const batch = this.builder.take()
        this.room.open()
        const started = performance.now()
        const prepared = await this.parts.prepare(batch, signal)
        this.meters.decode.add(batch.size, performance.now() - started)
        this.prepared.push({ batch, prepared })
        this.preparedArrived.open()
      }
    } finally {
      this.decodeEnded = true
      this.preparedArrived.open()
    }
  }

  private async runStore(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = this.prepared.shift()
      if (next === undefined) {
        if (this.decodeEnded) return
        await this.preparedArrived.wait()
        continue
      }
      this.preparedRoom.open()
      const started = performance.now()
      const stored = await this.parts.store(next.prepared)
      this.meters.store.add(next.batch.size, performance.now() - started)
      this.totals.events += stored.events
      this.totals.deadLetters += stored.dead
      this.totals.late += stored.late
      this.totals.bytes += next.batch.bytes
      this.commitDelayMs = Date.now() - next.batch.arrivedAt
      if (this.atHead && this.isAllStored && !this.paused && !this.isOver) this.state = 'caught_up'
      this.parts.onChange(this.snapshot())
    }
  }

  private notice(notice: SourceNotice): void {
    if (notice.kind === 'lag') this.lag = notice.lag
    else if (notice.kind === 'total') this.total = notice.total
    else {
      this.nextAttempt = notice.kind === 'reconnecting' ? notice.nextAttempt : undefined
      this.failure = notice.kind === 'reconnecting' ? notice.failure : undefined
      this.atHead = notice.kind === 'caught_up'
      if (this.paused) return
      if (!this.atHead) this.change(notice.kind, notice.kind === 'reconnecting')
      else if (this.isAllStored) this.change('caught_up')
      else if (this.state !== 'caught_up') this.change('reading')
    }
  }

  private get isAllStored(): boolean {
    return this.meters.source.records === this.meters.store.records
  }

  private get isOver(): boolean {
    return this.state === 'finished' || this.state === 'stopped' || this.state === 'failed'
  }

  private change(state: State, always = false): void {
    if (this.state === state && !always) return
    this.state = state
    this.parts.onChange(this.snapshot())
  }
}
