import type { Range } from './marks.ts'

/** No shorter range is shown: a thousandth of a millisecond, or of a step. */
const shortest = 1e-3

/** A range zoomed by a factor around a place in it. */
export function rangeZoomed({ from, to }: Range, factor: number, around: number): Range {
  const length = Math.max(shortest, (to - from) * factor)
  const share = (around - from) / (to - from)
  return { from: around - length * share, to: around + length * (1 - share) }
}

/** A range moved to the right, or to the left where `by` is negative. */
export function rangePanned({ from, to }: Range, by: number): Range {
  return { from: from + by, to: to + by }
}

/** The row that a key leads to; undefined for keys that lead nowhere, -1 stands for no row yet. */
export function movedRow(key: string, row: number, rows: number, page: number): number | undefined {
  const last = rows - 1
  if (last < 0) return undefined
  const inside = (wanted: number): number => Math.max(0, Math.min(last, wanted))
  switch (key) {
    case 'ArrowDown':
      return inside(row + 1)
    case 'ArrowUp':
      return inside(row - 1)
    case 'PageDown':
      return inside(row + page)
    case 'PageUp':
      return inside(row - page)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}

/** How far to scroll so that a row is in sight: no farther than needed, in pixels of rows `rowHeight` high in a box `height` high. */
export function scrollShowing(row: number, rowHeight: number, scroll: number, height: number): number {
  const top = row * rowHeight
  if (top < scroll) return top
  return top + rowHeight > scroll + height ? Math.min(top, top + rowHeight - height) : scroll
}
