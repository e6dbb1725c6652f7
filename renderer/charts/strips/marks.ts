import type { ShownSequences } from './sequences.ts'

/** What is drawn: the events of each user with their places, and which user is in which row. */
export interface Strips {
  readonly sequences: ShownSequences
  /** Milliseconds or steps from each user's zero, ascending inside a user. */
  readonly positions: Float64Array
  readonly rows: Int32Array
  /** How many types there are. */
  readonly types: number
  /** In steps each event is a block as wide as a step; in time each is a moment. */
  readonly scale: 'time' | 'step'
}

/** A part of the horizontal axis, in milliseconds or steps. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** How the marks of a row lie on the pixels. */
export interface Grid extends Range {
  /** Pixels for a millisecond or a step. */
  readonly scale: number
  /** Events that begin in the same so many pixels share a mark; 0 when each step has room for a mark of its own. */
  readonly pitch: number
  /** Width of a mark in pixels. */
  readonly mark: number
}

/** One or several events of a user that are drawn as one. */
export interface Mark {
  /** Pixels from the left edge, [x, end); may lie partly outside. */
  x: number
  end: number
  first: number
  last: number
  /** The most frequent type of its events; the one that comes first among equals. */
  type: number
  /** The second most frequent type, or -1 when all are of one type. */
  second: number
}

/** The grid of a range over `width` pixels. Moments need a few pixels to be seen; in thin rows fewer. */
export function gridOf({ from, to }: Range, width: number, rowHeight: number, scale: Strips['scale']): Grid {
  const pixels = width / (to - from)
  if (scale === 'step' && pixels >= 2) return { from, to, scale: pixels, pitch: 0, mark: pixels }
  const pitch = scale === 'step' || rowHeight < 5 ? 2 : 4
  return { from, to, scale: pixels, pitch, mark: pitch }
}

/**
 * Calls `visit` for each mark of a user that is in sight, from left to right; each event in sight is in exactly one. Marks
 * that share lie on a grid that moves with the axis, so that panning does not change which events share one. The mark is
 * the same object at every call: a screen of thousands of marks is no thousands of objects. `tally` has a zero for each type.
 */
export function eachMark({ sequences: { starts, type, count }, positions }: Strips, user: number, grid: Grid, tally: Int32Array, visit: (mark: Mark) => void): void {
  const end = starts[user + 1] as number
  const { from, to, scale, pitch, mark: width } = grid
  const mark: Mark = { x: 0, end: 0, first: 0, last: 0, type: -1, second: -1 }
  const slotOf = (event: number): number => Math.floor(((positions[event] as number) * scale) / pitch)
  let event = firstAtOrAfter(positions, starts[user] as number, end, pitch === 0 ? from - 1 : (Math.floor((from * scale) / pitch) * pitch) / scale)
  while (event < end && (positions[event] as number) < to) {
    mark.first = event
    if (pitch === 0) {
      mark.x = ((positions[event] as number) - from) * scale
      mark.type = type[event] as number
      mark.second = -1
      event++
    } else {
      const slot = slotOf(event)
      mark.x = slot * pitch - from * scale
      const start = event
      let isMixed = false
      while (event < end && slotOf(event) === slot) {
        if (type[event] !== type[start]) isMixed = true
        event++
      }
      mark.type = type[start] as number
      mark.second = -1
      if (isMixed) setMost(mark, type, count, start, event, tally)
    }
    mark.last = event - 1
    mark.end = mark.x + width
    if (mark.end > 0) visit(mark)
  }
}

function setMost(mark: Mark, type: Int32Array, count: Int32Array, start: number, end: number, tally: Int32Array): void {
  for (let event = start; event < end; event++) tally[type[event] as number] = (tally[type[event] as number] as number) + (count[event] as number)
  let most = -1
  let second = -1
  for (let event = start; event < end; event++) {
    const one = type[event] as number
    if (one === most || one === second) continue
    if (most === -1 || (tally[one] as number) > (tally[most] as number)) {
      second = most
      most = one
    } else if (second === -1 || (tally[one] as number) > (tally[second] as number)) second = one
  }
  for (let event = start; event < end; event++) tally[type[event] as number] = 0
  mark.type = most
  mark.second = second
}

/** The mark at a pixel of a user's row, or the nearest within `reach` pixels. */
export function markAt(strips: Strips, user: number, grid: Grid, x: number, reach: number): Mark | undefined {
  let best: Mark | undefined
  let nearest = reach
  const around = { ...grid, from: grid.from + (x - reach - grid.mark) / grid.scale, to: grid.from + (x + reach + 1) / grid.scale }
  const shift = (around.from - grid.from) * grid.scale
  eachMark(strips, user, around, new Int32Array(strips.types), (mark) => {
    const [left, right] = [mark.x + shift, mark.end + shift]
    const away = x < left ? left - x : x >= right ? x - right : -1
    if (away >= nearest) return
    nearest = away
    best = { ...mark, x: left, end: right }
  })
  return best
}

/** The range that shows the rows' events, but for the few that reach farthest: `share` of the rows end inside it. */
export function fittingRange({ sequences: { starts }, positions, rows, scale }: Strips, share: number): Range {
  const firsts: number[] = []
  const lasts: number[] = []
  for (const user of rows) {
    if (starts[user] === starts[user + 1]) continue
    firsts.push(positions[starts[user] as number] as number)
    lasts.push(positions[(starts[user + 1] as number) - 1] as number)
  }
  if (firsts.length === 0) return { from: 0, to: 1 }
  const at = (sorted: Float64Array, part: number): number => sorted[Math.round(part * (sorted.length - 1))] as number
  const from = at(Float64Array.from(firsts).sort(), 1 - share)
  const to = at(Float64Array.from(lasts).sort(), share)
  if (scale === 'step') return { from, to: Math.max(from, to) + 1 }
  const room = Math.max(500, (to - from) * 0.02)
  return { from: from - room, to: Math.max(from, to) + room }
}

/** How many events of the rows lie inside a range, and how many there are. */
export function eventsInside({ sequences: { starts, count }, positions, rows }: Strips, { from, to }: Range): { readonly inside: number; readonly all: number } {
  let inside = 0
  let all = 0
  for (const user of rows) {
    for (let event = starts[user] as number; event < (starts[user + 1] as number); event++) {
      const position = positions[event] as number
      all += count[event] as number
      if (position >= from && position < to) inside += count[event] as number
    }
  }
  return { inside, all }
}

function firstAtOrAfter(positions: Float64Array, start: number, end: number, from: number): number {
  let low = start
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((positions[middle] as number) < from) low = middle + 1
    else high = middle
  }
  return low
}
