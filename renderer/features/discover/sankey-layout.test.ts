import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Paths } from '../../../shared/model/discovery.ts'
import { layOut, nodeWidth } from './sankey-layout.ts'

const paths: Pick<Paths, 'columns' | 'links' | 'population'> = {
  population: 10,
  columns: [[{ kind: 'type', type: 'a', units: 10 }], [{ kind: 'type', type: 'b', units: 6 }, { kind: 'ended', units: 4 }], [{ kind: 'other', types: 2, units: 5 }, { kind: 'ended', units: 5 }]],
  links: [{ column: 1, from: 1, to: 1, units: 4 }, { column: 0, from: 0, to: 1, units: 4 }, { column: 0, from: 0, to: 0, units: 6, median: 5 }, { column: 1, from: 0, to: 1, units: 1 }, { column: 1, from: 0, to: 0, units: 5 }],
}

describe('the drawing of paths', () => {
  it('makes heights that can be compared across columns, and fills every node with its bands', () => {
    const { nodes, links } = layOut(paths, 500, 209, false, 80)
    const height = (column: number, index: number): number => nodes.find((node) => node.column === column && node.index === index)?.height ?? 0
    expect([height(0, 0), height(1, 0), height(1, 1), height(2, 0)]).toEqual([200, 120, 80, 100])
    for (const { column, index, height: whole, y } of nodes.filter((node) => node.column > 0)) {
      const into = links.filter(({ link }) => link.column === column - 1 && link.to === index)
      expect(into.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(whole)
      expect(Math.min(...into.map(({ y1 }) => y1))).toBeCloseTo(y)
    }
  })

  it('puts the first column at the right where paths lead to it', () => {
    const { nodes, links } = layOut(paths, 500, 200, true, 0)
    expect(nodes.filter(({ column }) => column === 0).map(({ x }) => x)).toEqual([500 - nodeWidth])
    expect(links.every(({ x0, x1 }) => x1 < x0)).toBe(true)
  })

  it('keeps all within the picture, whatever the numbers', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 7 }), (units) => {
      const population = Math.max(1, ...units.map((column) => column.reduce((sum, value) => sum + value, 0)))
      const { nodes } = layOut({ population, links: [], columns: units.map((column) => column.map((value) => ({ kind: 'ended' as const, units: value }))) }, 600, 400, false, 60)
      // a pixel at least is drawn of each
      expect(nodes.every(({ x, y, height }) => x >= 0 && x <= 540 && y >= 0 && y + height <= 400 + 8)).toBe(true)
    }))
  })
})
