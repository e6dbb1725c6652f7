import { expect, it } from 'vitest'
import { within } from './deadline.ts'
import { isTransient } from './failures.ts'

it('gives the answer that comes in time, and its failure', async () => {
  expect(await within(1000, Promise.resolve(7))).toBe(7)
  await expect(within(1000, Promise.reject(new Error('refused')))).rejects.toThrow('refused')
})

it('gives up an answer that never comes, with an error that trying again can cure', async () => {
  const failure: unknown = await within(20, new Promise(() => undefined)).catch((error: unknown) => error)
  expect(String(failure)).toContain('no answer within 20 ms')
  expect(isTransient(failure)).toBe(true)
})

it('waits no longer than until it is cancelled', async () => {
  const cancel = new AbortController()
  setTimeout(() => cancel.abort(), 10)
  await expect(within(60_000, new Promise(() => undefined), cancel.signal)).rejects.toThrow('aborted')
})

it('says nothing of a failure that comes too late', async () => {
  const failures: unknown[] = []
  const listen = (reason: unknown): void => void failures.push(reason)
  process.on('unhandledRejection', listen)
  await within(10, new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 30))).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 60))
  process.off('unhandledRejection', listen)
  expect(failures).toEqual([])
})
