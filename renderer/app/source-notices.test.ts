import { expect, it } from 'vitest'
import { noticeOf } from './source-notices.ts'

const lost = { code: 'CONNECT_TCP', message: 'Nobody answers at broker:9092.', hint: 'Is it running?' } as const

it('tells once that a broker is lost, with the reason, and once that it is back', () => {
  expect(noticeOf('caught_up', { source: 'shop', state: 'reconnecting', failure: lost })).toEqual({ title: 'shop has lost its broker', body: 'It is tried again until it is back. Nobody answers at broker:9092. Is it running?' })
  expect(noticeOf('reconnecting', { source: 'shop', state: 'reconnecting', failure: lost })).toBeUndefined()
  expect(noticeOf('reconnecting', { source: 'shop', state: 'reading' })).toEqual({ title: 'shop is connected again', body: 'It goes on where it left off.' })
})

it('tells of a source that fails, and not of what the user does', () => {
  expect(noticeOf('reading', { source: 'shop', state: 'failed', failure: { code: 'CONNECT_SASL', message: 'The password is wrong.' } })).toEqual({ title: 'shop has stopped', body: 'The password is wrong.' })
  for (const state of ['starting', 'reading', 'caught_up', 'paused', 'finished', 'stopped'] as const) expect(noticeOf('starting', { source: 'shop', state })).toBeUndefined()
})

it('keeps names of hostile sources readable and short', () => {
  const notice = noticeOf(undefined, { source: `\u202eevil\u0007${'x'.repeat(500)}`, state: 'failed', failure: { code: 'INTERNAL', message: 'y'.repeat(5000) } })
  expect(notice?.title.length).toBeLessThan(200)
  expect(notice?.body.length).toBeLessThan(1000)
})
