import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestWorkspace } from '../../../e2e/specs/workspace.ts'
import type { Paths } from '../../../shared/model/discovery.ts'

const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 1e6))

function expectToAddUp({ population, columns, links }: Paths): void {
  for (const [column, nodes] of columns.entries()) {
    expect(nodes.reduce((sum, { units }) => sum + units, 0)).toBe(population)
    for (const [place, { units }] of nodes.entries()) {
      const sumOf = (some: Paths['links']): number => some.reduce((sum, link) => sum + link.units, 0)
      if (column > 0) expect(sumOf(links.filter((link) => link.column === column - 1 && link.to === place))).toBe(units)
      if (column + 1 < columns.length) expect(sumOf(links.filter((link) => link.column === column && link.from === place))).toBe(units)
    }
  }
}

describe(`paths in the demo shop (UNDERCURRENT_SEED=${seed})`, () => {
  let shop: TestWorkspace
  let types: readonly string[]
  beforeAll(async () => {
    shop = await TestWorkspace.open()
    const { source } = await shop.call('demo.start', { seed, days: 3, eventsPerDay: 2000, live: false })
    await shop.call('tail.finished', { source })
    types = (await shop.call('types.list', {})).map(({ type }) => type)
  })
  afterAll(() => shop.remove())

  it.each([
    { direction: 'from', unit: 'user', collapse: true },
    { direction: 'to', unit: 'user', collapse: false },
    { direction: 'from', unit: 'session', collapse: false },
    { direction: 'to', unit: 'session', collapse: true },
  ] as const)('$direction a type, by $unit, collapsed: $collapse, add up, and their behaviors find them', async ({ direction, unit, collapse }) => {
    const [common, second, third] = types as [string, string, string]
    for (const hidden of [[], [second]]) {
      const paths = await shop.call('discover.paths', { type: common, direction, unit, collapse, hidden, steps: 4, top: 2, expanded: [third], variants: 1000 })
      expectToAddUp(paths)
      expect(paths.columns.flat().some(({ kind }) => kind === 'other')).toBe(true)
      expect(paths.columns.flat().some(({ type }) => type !== undefined && hidden.includes(type))).toBe(false)
      const [all] = await shop.call('behaviors.detect', { text: `sequence "all" by user\n  ${common}\n`, limit: 0 })
      expect(paths.users).toBe(all?.detection.users)
      expect(paths.variants.length).toBe(Math.min(1000, paths.distinct))
      if (paths.distinct <= 1000) expect(paths.variants.reduce((sum, { units }) => sum + units, 0)).toBe(paths.population)
      for (const { behavior, types: way, users } of paths.variants.slice(0, 5)) {
        expect(await shop.call('behaviors.check', { text: behavior })).toEqual([])
        const [found] = await shop.call('behaviors.detect', { text: behavior, limit: 1 })
        expect(found?.detection.users).toBeGreaterThanOrEqual(users)
        expect(found?.matches[0]?.steps.map(({ type }) => type)).toEqual(direction === 'from' ? way : [...way].reverse())
      }
    }
  })

  it('refuses types that do not exist, with the one that was meant', async () => {
    const [common] = types as [string]
    const refused = { code: 'NOT_FOUND', hint: `Did you mean “${common}”?` }
    await expect(shop.call('discover.paths', { type: `${common}s` })).rejects.toMatchObject(refused)
    await expect(shop.call('discover.paths', { type: types[1], hidden: [`${common}s`] })).rejects.toMatchObject(refused)
    await expect(shop.call('discover.paths', { type: common, hidden: [common] })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('begin with what most users begin with where no type is asked about', async () => {
    for (const direction of ['from', 'to'] as const) {
      const left = await shop.call('discover.paths', { direction, unit: 'user' })
      expectToAddUp(left)
      const type = left.columns[0]?.[0]?.type as string
      expect(left.notes[0]).toContain(`“${type}”`)
      const hidden = await shop.call('discover.paths', { direction, unit: 'user', hidden: [type] })
      expect(hidden.columns[0]?.[0]?.type).not.toBe(type)
    }
    expect(await shop.call('discover.paths', { to: 1n })).toMatchObject({ population: 0, columns: [] })
  })

  it('says so where nobody has the type in the time asked about', async () => {
    const { population, variants, links, notes } = await shop.call('discover.paths', { type: types[0], to: 1n })
    expect([population, variants, links]).toEqual([0, [], []])
    expect(notes).toHaveLength(1)
  })
})
