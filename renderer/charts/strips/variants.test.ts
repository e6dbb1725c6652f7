import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sequencesOf, typeLists } from './sequences.test-helper.ts'
import { variantsOf } from './variants.ts'

const names = ['view', 'add', 'buy', 'leave', 'search']

describe('variants', () => {
  it('bring together exactly the users whose sequences are the same, the most common first', () => {
    fc.assert(fc.property(typeLists, (lists) => {
      const { ranked, of } = variantsOf(sequencesOf(lists), names)
      const counts = new Map<string, number>()
      for (const list of lists) if (list.length > 0) counts.set(list.join(), (counts.get(list.join()) ?? 0) + 1)
      expect(ranked.map(({ user, users }) => [lists[user]?.join(), users])).toEqual(expect.arrayContaining([...counts]))
      expect(ranked.length).toBe(counts.size)
      for (const [user, list] of lists.entries()) {
        const place = of[user] as number
        if (list.length === 0) expect(place).toBe(-1)
        else expect(lists[ranked[place]?.user ?? -1]).toEqual(list)
      }
      for (let place = 1; place < ranked.length; place++) expect(ranked[place - 1]?.users).toBeGreaterThanOrEqual(ranked[place]?.users ?? 0)
    }))
  })

  it('keep their id when the types have other places, since a link holds it', () => {
    const [before] = variantsOf(sequencesOf([[0, 1, 2]]), names).ranked
    const [after] = variantsOf(sequencesOf([[4], [4], [2, 1, 0]]), [...names].slice(0, 3).reverse().concat('x', 'y')).ranked.slice(1)
    expect(after?.id).toBe(before?.id)
  })

  it('have ids that tell orders and repeats apart', () => {
    const lists = fc.sample(fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }), 5000)
    const { ranked } = variantsOf(sequencesOf(lists), names)
    expect(new Set(ranked.map(({ id }) => id)).size).toBe(ranked.length)
  })
})
