import type { Failure } from '../../../shared/errors.ts'
import type { RecordBatchBuilder } from './record-batch.ts'

/** What a source tells about itself while it is read; the pipeline shows it and never acts on it. */
export type SourceNotice =
  | { readonly kind: 'reading' }
  | { readonly kind: 'caught_up' }
  /** The broker is away; the next attempt follows at `nextAttempt` (epoch milliseconds). */
  | { readonly kind: 'reconnecting'; readonly failure: Failure; readonly nextAttempt: number }
  /** Records between what has been read and the head of the log, and how many this run reads in all where that is known. */
  | { readonly kind: 'lag'; readonly lag: number }
  | { readonly kind: 'total'; readonly total: number }

/** Where a source puts what it reads. */
export interface SourceSink {
  /**
   * Runs `write` with the batch that is being collected, as soon as there is room for it. The wait is the back-pressure:
   * a source reads nothing while it waits.
   *
   * @throws when the pipeline was stopped
   */
  collect(write: (builder: RecordBatchBuilder) => void): Promise<void>
  notice(notice: SourceNotice): void
}

/**
 * Something that can be read from where it was left. `run` returns at the end of the source, and throws an AppError when
 * it cannot go on; it stops soon after the signal.
 */
export interface Source {
  run(sink: SourceSink, signal: AbortSignal): Promise<void>
}
