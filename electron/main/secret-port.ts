import { z } from 'zod'
import type { Port } from '../../shared/contract/port.ts'
import { AppError, Failure, fromFailure, toFailure } from '../../shared/errors.ts'
import type { Secrets, SecretsStatus } from '../engine/secrets.ts'

const id = z.number().int().nonnegative()
const name = z.string().min(1).max(10_000)

/** What the engine asks of the shell. */
const Question = z.discriminatedUnion('ask', [
  z.object({ id, ask: z.literal('status') }),
  z.object({ id, ask: z.literal('get'), name }),
  z.object({ id, ask: z.literal('set'), name, value: z.string().max(1_000_000) }),
  z.object({ id, ask: z.literal('remove'), name }),
])
type Question = z.infer<typeof Question>

/** What the shell answers; a failure never holds the value that it is about. */
const Answer = z.union([z.object({ id, failure: Failure }), z.object({ id, value: z.unknown() })])
type Answer = z.infer<typeof Answer>

/** Lets whoever holds the other end of the port use these secrets. Anything but a question ends it. */
export function serveSecrets(secrets: Secrets, port: Port): void {
  port.onMessage((raw) => {
    const question = Question.safeParse(raw)
    if (!question.success) { port.close(); return }
    const { id } = question.data
    answer(secrets, question.data).then(
      (value) => port.post({ id, value } satisfies Answer),
      (error: unknown) => port.post({ id, failure: toFailure(error) } satisfies Answer),
    )
  })
}

function answer(secrets: Secrets, question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'status':
      return secrets.status()
    case 'get':
      return secrets.get(question.name)
    case 'set':
      return secrets.set(question.name, question.value)
    case 'remove':
      return secrets.remove(question.name)
  }
}

type Distributed<Q> = Q extends unknown ? Omit<Q, 'id'> : never

/** The secrets at the other end of a port. Once it is closed, every question fails. */
export function connectSecrets(port: Port): Secrets {
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: AppError) => void }>()
  const closed = (): AppError => new AppError('INTERNAL', 'The shell does not answer any more.')
  let isOpen = true
  let lastId = 0
  port.onMessage((raw) => {
    const message = Answer.parse(raw)
    const asker = waiting.get(message.id)
    waiting.delete(message.id)
    if ('failure' in message) asker?.reject(fromFailure(message.failure))
    else asker?.resolve(message.value)
  })
  port.onClose(() => {
    isOpen = false
    for (const { reject } of waiting.values()) reject(closed())
    waiting.clear()
  })
  const ask = (question: Distributed<Question>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!isOpen) { reject(closed()); return }
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      port.post({ ...question, id })
    })
  return {
    status: async () => (await ask({ ask: 'status' })) as SecretsStatus,
    get: async (name) => (await ask({ ask: 'get', name })) as string | undefined,
    set: async (name, value) => {
      await ask({ ask: 'set', name, value })
    },
    remove: async (name) => {
      await ask({ ask: 'remove', name })
    },
  }
}
