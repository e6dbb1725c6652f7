import { z } from 'zod'
import type { Port } from '../../shared/contract/port.ts'
import { AppError, Failure, fromFailure, toFailure } from '../../shared/errors.ts'
import type { Printer } from '../engine/reports/printer.ts'

const id = z.number().int().nonnegative()
/** A report has a few megabytes. */
const Question = z.object({ id, html: z.string().max(50_000_000) })
const Answer = z.union([z.object({ id, failure: Failure }), z.object({ id, bytes: z.instanceof(Uint8Array) })])

/** Lets the engine at the other end of the port print. Anything but a page ends it. */
export function servePrinting(print: (html: string) => Promise<Uint8Array>, port: Port): void {
  port.onMessage((raw) => {
    const question = Question.safeParse(raw)
    if (!question.success) { port.close(); return }
    const { id, html } = question.data
    print(html).then(
      (bytes) => port.post({ id, bytes }),
      (error: unknown) => port.post({ id, failure: toFailure(error) }),
    )
  })
}

/** The printer at the other end of a port. What is cancelled is printed to its end there, and dropped. */
export function connectPrinter(port: Port): Printer {
  const waiting = new Map<number, { readonly resolve: (bytes: Uint8Array) => void; readonly reject: (error: AppError) => void }>()
  const closed = (): AppError => new AppError('INTERNAL', 'The shell does not print any more.', { hint: 'Export the report as HTML and print it in a browser.' })
  let isOpen = true
  let lastId = 0
  port.onMessage((raw) => {
    const message = Answer.parse(raw)
    const asker = waiting.get(message.id)
    waiting.delete(message.id)
    if ('failure' in message) asker?.reject(fromFailure(message.failure))
    else asker?.resolve(message.bytes)
  })
  port.onClose(() => {
    isOpen = false
    for (const { reject } of waiting.values()) reject(closed())
    waiting.clear()
  })
  return {
    check() {
      if (!isOpen) throw closed()
    },
    pdf: (html, signal) =>
      new Promise((resolve, reject) => {
        if (!isOpen) { reject(closed()); return }
        if (signal.aborted) { reject(new AppError('CANCELLED', 'Cancelled.')); return }
        const own = ++lastId
        const cancel = (): void => {
          waiting.delete(own)
          reject(new AppError('CANCELLED', 'Cancelled.'))
        }
        signal.addEventListener('abort', cancel, { once: true })
        const done = <T>(answer: (value: T) => void) => (value: T): void => {
          signal.removeEventListener('abort', cancel)
          answer(value)
        }
        waiting.set(own, { resolve: done(resolve), reject: done(reject) })
        port.post({ id: own, html })
      }),
  }
}
