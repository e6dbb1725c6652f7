import type { Walks } from './walks.ts'

/** One node: a type's code, or all rarer types of its column, or the units whose walk is over. */
export interface Node {
  readonly kind: 'type' | 'other' | 'ended'
  readonly type?: number
  /** How many types `other` stands for. */
  readonly types?: number
  readonly units: number
}

/** From a node of a column to one of the next; `median`: microseconds between the two, where it does not lead to the end. */
export interface Link {
  readonly column: number
  readonly from: number
  readonly to: number
  readonly units: number
  readonly median?: number
}

/** Which types get a node of their own. */
export interface ColumnRules {
  readonly anchor: number
  readonly steps: number
  readonly top: number
  readonly expanded: ReadonlySet<number>
}

const ended = -1

/**
 * The columns of a Sankey diagram and the links between them. The nodes of every column add up to the walks, and so do the
 * links out of and into every node: whose walk is over goes on as `ended`, and what is rare is `other`.
 */
export function columnsOf(walks: Walks, { anchor, steps, top, expanded }: ColumnRules): { readonly columns: readonly (readonly Node[])[]; readonly links: readonly Link[] } {
  const columns: (readonly Node[])[] = [walks.count === 0 ? [] : [{ kind: 'type', type: anchor, units: walks.count }]]
  const links: Link[] = []
  let places = new Uint32Array(walks.count)
  for (let column = 0; column < steps; column++) {
    const { nodes, placeOf } = nodesOf(walks, column, top, expanded)
    const next = new Uint32Array(walks.count)
    for (let walk = 0; walk < walks.count; walk++) next[walk] = placeOf.get(stepOf(walks, walk, column)) as number
    links.push(...linksOf(walks, column, places, next, nodes))
    columns.push(nodes)
    places = next
  }
  return { columns, links }
}

/** The type of a walk's step; what is behind its last is its end. */
function stepOf({ starts, types }: Walks, walk: number, step: number): number {
  const at = starts.at(walk) + step
  return at < starts.at(walk + 1) ? types.at(at) : ended
}

function nodesOf(walks: Walks, column: number, top: number, expanded: ReadonlySet<number>): { readonly nodes: readonly Node[]; readonly placeOf: ReadonlyMap<number, number> } {
  const units = new Map<number, number>()
  for (let walk = 0; walk < walks.count; walk++) {
    const type = stepOf(walks, walk, column)
    units.set(type, (units.get(type) ?? 0) + 1)
  }
  const ranked = [...units].filter(([type]) => type !== ended).sort(([a, left], [b, right]) => right - left || a - b)
  const isOwn = ranked.map(([type], place) => place < top || expanded.has(type))
  const own = ranked.filter((_, place) => isOwn[place])
  const rare = ranked.filter((_, place) => !isOwn[place])
  const over = units.get(ended)
  const nodes: Node[] = own.map(([type, count]) => ({ kind: 'type', type, units: count }))
  const placeOf = new Map(own.map(([type], place) => [type, place]))
  if (rare.length > 0) {
    for (const [type] of rare) placeOf.set(type, nodes.length)
    nodes.push({ kind: 'other', types: rare.length, units: rare.reduce((sum, [, count]) => sum + count, 0) })
  }
  if (over !== undefined) {
    placeOf.set(ended, nodes.length)
    nodes.push({ kind: 'ended', units: over })
  }
  return { nodes, placeOf }
}

function linksOf(walks: Walks, column: number, from: Uint32Array, to: Uint32Array, nodes: readonly Node[]): readonly Link[] {
  const width = nodes.length
  const units = new Map<number, number>()
  for (let walk = 0; walk < walks.count; walk++) {
    const link = (from[walk] as number) * width + (to[walk] as number)
    units.set(link, (units.get(link) ?? 0) + 1)
  }
  const isOver = ({ kind }: Node): boolean => kind === 'ended'
  const gaps = new Map<number, { readonly values: Float64Array; length: number }>()
  for (const [link, count] of units) if (!isOver(nodes[link % width] as Node)) gaps.set(link, { values: new Float64Array(count), length: 0 })
  for (let walk = 0; walk < walks.count; walk++) {
    const list = gaps.get((from[walk] as number) * width + (to[walk] as number))
    if (list !== undefined) list.values[list.length++] = walks.gaps.at(walks.starts.at(walk) + column)
  }
  return [...units].sort(([a], [b]) => a - b).map(([link, count]) => {
    const list = gaps.get(link)
    return { column, from: Math.floor(link / width), to: link % width, units: count, ...(list === undefined ? {} : { median: medianOf(list.values) }) }
  })
}

/** The middle, of an even number the mean of the two; sorts the values. */
function medianOf(values: Float64Array): number {
  values.sort()
  const half = values.length >> 1
  return values.length % 2 === 1 ? (values[half] as number) : ((values[half - 1] as number) + (values[half] as number)) / 2
}
