import type { z } from 'zod'
import type { CallName, CallOutput, calls } from './calls.ts'
import type { EventName, EventValue } from './events.ts'
import type { StreamName, streams } from './streams.ts'

/** Answers every call. Total by construction: a missing handler does not compile. `Signal` is the platform's AbortSignal. */
export type CallHandlers<Signal> = {
  readonly [N in CallName]: (input: z.output<(typeof calls)[N]['input']>, signal: Signal) => Promise<CallOutput<N>>
}

/** Answers every stream with Arrow IPC batches. */
export type StreamHandlers<Signal> = {
  readonly [N in StreamName]: (input: z.output<(typeof streams)[N]['input']>, signal: Signal) => AsyncIterable<Uint8Array>
}

/** What an engine offers to its hosts. */
export interface Service<Signal> {
  readonly calls: CallHandlers<Signal>
  readonly streams: StreamHandlers<Signal>
  /** Calls `listener` for every event that the engine sends, until the returned function is called. */
  subscribe(listener: <N extends EventName>(name: N, value: EventValue<N>) => void): () => void
}
