import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pages } from './pages.ts'

async function all(count: number, limit: number, offset: number): Promise<{ readonly items: readonly number[]; readonly largest: number }> {
  const items: number[] = []
  let largest = 0
  for await (const page of pages(limit, offset, (page) => {
    largest = Math.max(largest, page.limit)
    return Promise.resolve(Array.from({ length: count }, (_, index) => index).slice(page.offset, page.offset + page.limit))
  })) items.push(...page)
  return { items, largest }
}

it('gives the items that were asked for, in pages that the engine answers', async () => {
  const amount = fc.integer({ min: 0, max: 35_000 })
  await fc.assert(
    fc.asyncProperty(amount, fc.integer({ min: 1, max: 35_000 }), amount, async (count, limit, offset) => {
      const { items, largest } = await all(count, limit, offset)
      expect(items).toEqual(Array.from({ length: count }, (_, index) => index).slice(offset, offset + limit))
      expect(largest).toBeLessThanOrEqual(10_000)
    }),
    { numRuns: 30 },
  )
})
