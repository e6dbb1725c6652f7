import { expect, it } from 'vitest'
import { noticeOfMissed } from './missed-notices.ts'

const one = { behavior: 'backup', key: { host: 'a' }, last: 1n, expected: 1_767_225_600_000_000n, until: 3n }

it('tells what has not come, whose it is and when it was expected', () => {
  const notice = noticeOfMissed({ missed: [one], total: 1 })
  expect(notice?.title).toBe('backup has not come')
  expect(notice?.body).toBe(`backup (a) was expected at ${new Date('2026-01-01T00:00:00Z').toLocaleString()}.`)
})

it('tells of many in one, and of none not at all', () => {
  expect(noticeOfMissed({ missed: [one, one], total: 1200 })?.title).toBe(`${(1200).toLocaleString()} that recur have not come`)
  expect(noticeOfMissed({ missed: [], total: 0 })).toBeUndefined()
})

it('keeps hostile names readable and short', () => {
  const notice = noticeOfMissed({ missed: [{ ...one, behavior: `\u202eevil\u0007${'x'.repeat(500)}`, key: { host: 'y'.repeat(5000) } }], total: 1 })
  expect(notice?.title).not.toContain('\u202e')
  expect(notice?.title.length).toBeLessThan(200)
  expect(notice?.body.length).toBeLessThan(400)
})
