import type { Paths } from '../../../shared/model/discovery.ts'

type PathNode = Paths['columns'][number][number]
type PathLink = Paths['links'][number]

/** Where a node stands, in pixels of the drawing. `column` counts outward from the type asked about. */
export interface PlacedNode {
  readonly node: PathNode
  readonly column: number
  readonly index: number
  readonly x: number
  readonly y: number
  readonly height: number
}

/** A band between two nodes: from `x0`, `y0` to `x1`, `y1` (their upper ends), `width` high. */
export interface PlacedLink {
  readonly link: PathLink
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly width: number
}

export interface SankeyLayout {
  readonly nodes: readonly PlacedNode[]
  readonly links: readonly PlacedLink[]
}

export const nodeWidth = 12
const gap = 9
/** Something is drawn of whatever there is. */
const least = 1

/**
 * Places columns of nodes and the bands between them. All columns have the same sum, so that one scale holds for all and
 * heights can be compared anywhere. @param reverse puts the first column at the right, for paths that lead to it.
 */
export function layOut({ columns, links, population }: Pick<Paths, 'columns' | 'links' | 'population'>, width: number, height: number, reverse: boolean, labelWidth: number): SankeyLayout {
  const most = Math.max(1, ...columns.map((nodes) => nodes.length))
  const scale = Math.max(0, height - gap * (most - 1)) / Math.max(1, population)
  const step = columns.length < 2 ? 0 : (width - nodeWidth - labelWidth) / (columns.length - 1)
  const nodes = columns.flatMap((column, at) => {
    let y = 0
    return column.map((node, index) => {
      const placed = { node, column: at, index, x: (reverse ? columns.length - 1 - at : at) * step, y, height: Math.max(least, node.units * scale) }
      y += placed.height + gap
      return placed
    })
  })
  const place = new Map(nodes.map((node) => [`${node.column} ${node.index}`, node]))
  const used = new Map<string, number>()
  const take = (side: string, y: number, amount: number): number => {
    const before = used.get(side) ?? 0
    used.set(side, before + amount)
    return y + before
  }
  const inOrder = [...links].sort((a, b) => a.column - b.column || a.from - b.from || a.to - b.to)
  const placedLinks = inOrder.flatMap((link) => {
    const from = place.get(`${link.column} ${link.from}`)
    const to = place.get(`${link.column + 1} ${link.to}`)
    if (from === undefined || to === undefined) return []
    const band = link.units * scale
    const start = { x: reverse ? from.x : from.x + nodeWidth, y: take(`out ${link.column} ${link.from}`, from.y, band) }
    const end = { x: reverse ? to.x + nodeWidth : to.x, y: take(`in ${link.column + 1} ${link.to}`, to.y, band) }
    return [{ link, x0: start.x, y0: start.y, x1: end.x, y1: end.y, width: Math.max(least, band) }]
  })
  return { nodes, links: placedLinks }
}

/** The outline of a band, as an SVG path. */
export function bandPath({ x0, y0, x1, y1, width }: PlacedLink): string {
  const middle = (x0 + x1) / 2
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${width}C${middle} ${y1 + width} ${middle} ${y0 + width} ${x0} ${y0 + width}z`
}
