import type { z } from 'zod'
import { calls, type CallName } from '../../shared/contract/calls.ts'
import { ClientMessage, type ServerMessage } from '../../shared/contract/messages.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { Service } from '../../shared/contract/service.ts'
import { streams, type StreamName } from '../../shared/contract/streams.ts'
import { AppError, toFailure } from '../../shared/errors.ts'

/** Serves an engine over one port until it closes. Every input is validated here, whoever sent it. */
export function serve(service: Service<AbortSignal>, port: Port): void {
  const running = new Map<number, AbortController>()
  const open = new Map<number, AsyncIterator<Uint8Array>>()
  const post = (message: ServerMessage): void => port.post(message)
  const unsubscribe = service.subscribe((name, value) => post({ kind: 'event', name, value }))

  port.onClose(() => {
    unsubscribe()
    // a stream whose reader is gone gives its database connection back now, not when somebody asks again
    for (const id of [...running.keys()]) cancel(id)
  })
  port.onMessage((raw) => {
    const parsed = ClientMessage.safeParse(raw)
    // whoever sends something else does not speak this protocol; there is no one to answer
    if (!parsed.success) { port.close(); return; }
    const message = parsed.data
    if (message.kind === 'call') void answer(message.id, (signal) => runCall(service, message.name, message.input, signal))
    else if (message.kind === 'open') void start(message.id, message.name, message.input)
    else if (message.kind === 'next') void pull(message.id)
    else cancel(message.id)
  })

  async function answer(id: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      post({ kind: 'reply', id, value: await work(controller.signal) })
    } catch (error) {
      post({ kind: 'failed', id, failure: toFailure(error) })
    } finally {
      running.delete(id)
    }
  }

  async function start(id: number, name: string, input: unknown): Promise<void> {
    const controller = new AbortController()
    try {
      const batches = openStream(service, name, input, controller.signal)
      running.set(id, controller)
      open.set(id, batches[Symbol.asyncIterator]())
      await pull(id)
    } catch (error) {
      post({ kind: 'failed', id, failure: toFailure(error) })
    }
  }

  async function pull(id: number): Promise<void> {
    const iterator = open.get(id)
    if (iterator === undefined) { post({ kind: 'end', id }); return; }
    try {
      const next = await iterator.next()
      if (next.done !== true) { post({ kind: 'batch', id, bytes: next.value }); return; }
      post({ kind: 'end', id })
    } catch (error) {
      post({ kind: 'failed', id, failure: toFailure(error) })
    }
    open.delete(id)
    running.delete(id)
  }

  function cancel(id: number): void {
    running.get(id)?.abort()
    const iterator = open.get(id)
    if (iterator === undefined) return
    open.delete(id)
    running.delete(id)
    // lets the generator's finally run, which gives its database connection back
    void iterator.return?.()
  }
}

async function runCall(service: Service<AbortSignal>, name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
  if (!Object.hasOwn(calls, name)) throw new AppError('BAD_REQUEST', `There is no call named ${name}.`)
  const known = name as CallName
  const handler = service.calls[known] as (input: unknown, signal: AbortSignal) => Promise<unknown>
  return handler(parseInput(name, calls[known].input, input), signal)
}

function openStream(service: Service<AbortSignal>, name: string, input: unknown, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (!Object.hasOwn(streams, name)) throw new AppError('BAD_REQUEST', `There is no stream named ${name}.`)
  const known = name as StreamName
  const handler = service.streams[known] as (input: unknown, signal: AbortSignal) => AsyncIterable<Uint8Array>
  return handler(parseInput(name, streams[known].input, input), signal)
}

function parseInput(name: string, schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  // the issue's path and message name the field and what was expected; the value stays out, it may be a secret
  const [issue] = parsed.error.issues
  throw new AppError('BAD_REQUEST', `${[name, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not valid'}`)
}
