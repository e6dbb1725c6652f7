import { AppError, fromFailure } from '../errors.ts'
import type { CallInput, CallName, CallOutput } from './calls.ts'
import type { EventName, EventValue } from './events.ts'
import { ServerMessage, type ClientMessage } from './messages.ts'
import type { Cancellation, Port } from './port.ts'
import type { StreamInput, StreamName } from './streams.ts'

/** What a host or a screen holds of the engine, whatever lies between them. */
export interface Client {
  /** Asks one question. @throws AppError as the handler failed, CANCELLED when cancelled, INTERNAL when the engine is gone */
  call<N extends CallName>(name: N, input: CallInput<N>, cancel?: Cancellation): Promise<CallOutput<N>>
  /** Arrow IPC batches, each asked for when the loop comes round; leaving the loop ends the stream in the engine. */
  stream<N extends StreamName>(name: N, input: StreamInput<N>, cancel?: Cancellation): AsyncGenerator<Uint8Array, void, undefined>
  /** Calls `listener` for every event of that name until the returned function is called. */
  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void
  close(): void
}

interface Waiting {
  readonly resolve: (message: ServerMessage) => void
  readonly reject: (error: AppError) => void
}

/** A typed client over a port. */
export function connectClient(port: Port): Client {
  const waiting = new Map<number, Waiting>()
  const listeners = new Map<string, Set<(value: never) => void>>()
  let lastId = 0
  let closed = false

  port.onMessage((raw) => {
    const message = ServerMessage.parse(raw)
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.name) ?? []) listener(message.value as never)
      return
    }
    const waiter = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'failed') waiter?.reject(fromFailure(message.failure))
    else waiter?.resolve(message)
  })
  port.onClose(() => {
    closed = true
    for (const { reject } of waiting.values()) reject(new AppError('INTERNAL', 'The engine has ended.', { hint: 'Start Undercurrent again; nothing that was stored is lost.' }))
    waiting.clear()
  })

  const send = (message: ClientMessage): void => port.post(message)
  const answer = (message: ClientMessage): Promise<ServerMessage> => {
    if (closed) return Promise.reject(new AppError('INTERNAL', 'The engine has ended.'))
    return new Promise((resolve, reject) => {
      waiting.set(message.id, { resolve, reject })
      send(message)
    })
  }

  return {
    async call(name, input, cancel) {
      const id = ++lastId
      const abort = (): void => send({ kind: 'cancel', id })
      if (cancel?.aborted === true) throw new AppError('CANCELLED', 'Cancelled.')
      cancel?.addEventListener('abort', abort)
      try {
        const message = await answer({ kind: 'call', id, name, input })
        if (message.kind !== 'reply') throw new Error(`a call was answered by ${message.kind}`)
        // both ends are ours and compiled together; what crosses here is validated by the side that receives the input
        return message.value as never
      } finally {
        cancel?.removeEventListener('abort', abort)
      }
    },
    async *stream(name, input, cancel) {
      const id = ++lastId
      const abort = (): void => send({ kind: 'cancel', id })
      if (cancel?.aborted === true) throw new AppError('CANCELLED', 'Cancelled.')
      cancel?.addEventListener('abort', abort)
      let open = true
      try {
        let message = await answer({ kind: 'open', id, name, input })
        while (message.kind === 'batch') {
          yield message.bytes
          message = await answer({ kind: 'next', id })
        }
        open = false
      } catch (error) {
        open = false
        throw error
      } finally {
        cancel?.removeEventListener('abort', abort)
        if (open && !closed) abort()
      }
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener)
      return () => set.delete(listener)
    },
    close() {
      port.close()
    },
  }
}
