import { expect, it } from 'vitest'
import { portPair } from '../../shared/contract/port.ts'
import { AppError } from '../../shared/errors.ts'
import type { Printer } from '../engine/reports/printer.ts'
import { connectPrinter, servePrinting } from './print-port.ts'

const forever = new AbortController().signal
const encoder = new TextEncoder()

function connected(print: (html: string) => Promise<Uint8Array>): Printer {
  const [near, far] = portPair()
  servePrinting(print, far)
  return connectPrinter(near)
}

it('prints several pages at a time, each for who has asked', async () => {
  const printer = connected(async (html) => {
    await new Promise((resolve) => setTimeout(resolve, html === 'a' ? 20 : 1))
    return encoder.encode(`pdf of ${html}`)
  })
  const printed = await Promise.all(['a', 'b', 'c'].map((html) => printer.pdf(html, forever)))
  expect(printed.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['pdf of a', 'pdf of b', 'pdf of c'])
})

it('keeps the sentence of a failure', async () => {
  const printer = connected(() => Promise.reject(new AppError('INTERNAL', 'The report could not be printed.', { hint: 'Export HTML.' })))
  await expect(printer.pdf('a', forever)).rejects.toMatchObject({ code: 'INTERNAL', message: 'The report could not be printed.', hint: 'Export HTML.' })
})

it('lets go of what is cancelled at once, and of what was cancelled before', async () => {
  const printer = connected(() => new Promise(() => undefined))
  const cancel = new AbortController()
  const waiting = printer.pdf('a', cancel.signal)
  cancel.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
  await expect(printer.pdf('a', cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
})

it('fails when the shell is gone, instead of waiting for ever', async () => {
  const [near, far] = portPair()
  const printer = connectPrinter(near)
  printer.check()
  const waiting = printer.pdf('a', forever)
  far.close()
  await expect(waiting).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(printer.pdf('a', forever)).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(() => printer.check()).toThrow('does not print any more')
})

it.each([undefined, 'html', { id: 1 }, { id: -1, html: '' }, { id: 1, html: 3 }])('closes the port on what is no page: %j', async (message) => {
  const [near, far] = portPair()
  servePrinting(() => Promise.resolve(new Uint8Array()), far)
  const closed = new Promise<boolean>((resolve) => near.onClose(() => resolve(true)))
  near.post(message)
  expect(await closed).toBe(true)
})
