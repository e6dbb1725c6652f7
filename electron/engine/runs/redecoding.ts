import { AppError } from '../../../shared/errors.ts'
import { DeadReason, waitingReasons } from '../../../shared/model/decoder.ts'
import type { Registry } from '../../../shared/model/connection.ts'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { PayloadFormat } from '../../../shared/model/source.ts'
import { createDecoder, type RecordDecoder } from '../decode/decode.ts'
import type { Decoded } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import { makeSample, type Sample } from '../sampling.ts'
import type { DuckDBConnection } from '../store/database.ts'
import { readStored } from '../store/read-stored.ts'
import { replaySource, retryDeadLetters, type Retried } from '../store/replay.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import { decodeBatch } from './decode-batch.ts'
import type { Emit, Runs } from './runs.ts'

/** How often records that wait for a registry are tried again, in milliseconds. */
const retryEveryMs = 5_000

/** Decodes again what is stored: after a change of mapping, and what had to wait for a registry. */
export class Redecoding {
  private readonly store: Store
  private readonly runs: Runs
  private readonly emit: Emit
  private readonly timers = new Set<NodeJS.Timeout>()

  constructor(store: Store, runs: Runs, emit: Emit) {
    this.store = store
    this.runs = runs
    this.emit = emit
  }

  /**
   * Replays a source's history with another mapping.
   *
   * @throws AppError CONFLICT while the source is being started, or read in another format, CONNECT_REGISTRY when a schema cannot be had, CANCELLED; the history then stays as it was
   */
  async changeMapping(source: StoredSource, change: { readonly mapping: Mapping; readonly format: PayloadFormat }, registry: Registry | undefined, signal: AbortSignal): Promise<{ events: number; dead: number }> {
    if (change.format !== source.format) this.runs.ensureFree(source.name)
    const decoder = createDecoder({ format: change.format, registry: registry ?? storedRegistry(source) })
    const replay = async (connection: DuckDBConnection): Promise<void> => {
      const onProgress = (done: number, total: number): void => {
        // what was decoded anew so far lies aside until all of it is there
        if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
        this.emit('job.progress', { job: `mapping ${source.name}`, done, total })
      }
      // a write before this one may have stored another connection
      const current = this.store.findSource(source.name) ?? source
      await replaySource(this.store.database, current, change, (batch, waited) => decodeWhole(decoder, batch, waited), onProgress)
      await this.store.reload(connection)
    }
    await this.runs.reserve([source.name], 'decoded anew', () => this.store.write(replay))
    const states = await this.store.partitionStates(source)
    return [...states.values()].reduce((sum, { events, dead }) => ({ events: sum.events + events, dead: sum.dead + dead }), { events: 0, dead: 0 })
  }

  /** What the newest stored records of a source look like, and the mapping that would be guessed from them today. */
  async sample(source: StoredSource, count: number): Promise<Sample> {
    const states = await this.store.partitionStates(source)
    const batch = await this.store.database.read((connection) => readStored(connection, source, states, count))
    return makeSample(batch, source.topic, (format) => decodeBatch(createDecoder({ format, registry: storedRegistry(source) }), batch, AbortSignal.timeout(30_000)))
  }

  /** Tries every dead letter of a source once more, but for rows that its file could not give. */
  async retry(source: StoredSource, registry: Registry | undefined): Promise<{ events: number; dead: number }> {
    const decoder = createDecoder({ format: source.format, registry: registry ?? storedRegistry(source) })
    return this.retryWith(source, decoder, DeadReason.options.filter((reason) => reason !== 'bad_row'))
  }

  /** Keeps trying the records of a source that wait for its registry. @returns what ends that, and nothing that was started since */
  startFor(source: StoredSource, decoder: RecordDecoder): () => void {
    let busy = false
    const attempt = async (): Promise<void> => {
      if (busy) return
      busy = true
      try {
        await this.retryWith(source, decoder, waitingReasons)
      } finally {
        busy = false
      }
    }
    const report = (error: unknown): void => this.emit('source.changed', { source: source.name, state: this.runs.get(source.name).snapshot().state, failure: { code: 'INTERNAL', message: String(error) } })
    const timer = setInterval(() => void attempt().catch(report), retryEveryMs)
    timer.unref()
    this.timers.add(timer)
    return () => {
      clearInterval(timer)
      this.timers.delete(timer)
    }
  }

  /** Ends every retry. */
  stop(): void {
    for (const timer of this.timers) clearInterval(timer)
    this.timers.clear()
  }

  private async retryWith(source: StoredSource, decoder: RecordDecoder, reasons: readonly DeadReason[]): Promise<{ events: number; dead: number }> {
    const total = { events: 0, dead: 0 }
    let after: Retried['after']
    do {
      const from = after
      // a write of its own for each step, so that new records are not held up by many old ones
      const step = await this.store.write(async (connection) => {
        // the mapping may have changed since the tail began
        const current = this.store.findSource(source.name) ?? source
        const result = await retryDeadLetters(connection, current, reasons, from, (batch) => decodeBatch(decoder, batch, AbortSignal.timeout(60_000)))
        if (result.events > 0) await this.store.reload(connection)
        return result
      })
      total.events += step.events
      total.dead += step.dead
      after = step.after
      // the first of them tells whether the registry is back; the rest can wait until it is
      if (step.events === 0 && decoder.status()?.state === 'down') return total
    } while (after !== undefined)
    return total
  }
}

/** The registry that a source was read with, as far as the workspace may remember it: without secrets. */
export function storedRegistry(source: StoredSource): Registry | undefined {
  return source.connection?.registry
}

/** A replay must not turn events into waiting records because a registry happens to be away; what waited already may go on waiting. */
async function decodeWhole(decoder: RecordDecoder, batch: RecordBatch, waited: ReadonlySet<number>): Promise<readonly Decoded[]> {
  const decoded = await decodeBatch(decoder, batch, AbortSignal.timeout(600_000))
  const waiting = decoded.find((made, row) => made.kind === 'dead' && waitingReasons.includes(made.reason) && !waited.has(row))
  if (waiting?.kind === 'dead') throw new AppError('CONNECT_REGISTRY', `The history cannot be decoded anew: ${waiting.detail}`, { hint: 'Nothing was changed. Try again when the schema registry answers; give its password where it needs one.' })
  return decoded
}
