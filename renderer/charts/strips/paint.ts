import { eachMark, type Grid, type Strips } from './marks.ts'

/** What rows are painted with: pixels as a canvas keeps them (see {@link packColor}). */
export interface Palette {
  /** By type. */
  readonly types: Uint32Array
  /** The line from a user's first event to the last, where events are moments. */
  readonly thread: number
  /** The lines of the axis. */
  readonly line: number
  /** The line of the zero. */
  readonly zero: number
}

/** A picture of rows, in device pixels. */
export interface Picture {
  readonly pixels: Uint32Array
  readonly width: number
  readonly height: number
}

/** `#rrggbb` as a pixel in the memory of a canvas: red first, on machines that keep the low byte first, as all do that run this. */
export function packColor(hex: string): number {
  const value = Number.parseInt(hex.slice(1, 7), 16)
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0
}

/** From this height on rows are told apart by a gap, and a mark of several types shows two of them. */
const roomyRow = 5
/** From this width on marks are told apart by a gap; narrower ones would be more gap than mark. */
const roomyMark = 7

/**
 * Paints the rows that are in sight, `scroll` pixels below the first, each `rowHeight` high: one line of pixels a row,
 * laid out once and then copied. What it costs hangs on the picture's size and the events in sight, never on how many
 * rows there are. `lines` are the places of the axis' lines, in pixels.
 */
export function paintRows({ pixels, width, height }: Picture, strips: Strips, grid: Grid, { scroll, rowHeight, palette, lines, zero }: { readonly scroll: number; readonly rowHeight: number; readonly palette: Palette; readonly lines: readonly number[]; readonly zero: number }): void {
  const base = new Uint32Array(width)
  for (const x of lines) if (x >= 0 && x < width) base[Math.floor(x)] = palette.line
  if (zero >= 0 && zero < width) base[Math.floor(zero)] = palette.zero
  const upper = new Uint32Array(width)
  const lower = new Uint32Array(width)
  const middle = new Uint32Array(width)
  const tally = new Int32Array(strips.types)
  const isRoomy = rowHeight >= roomyRow
  const rowGap = isRoomy ? (rowHeight >= 14 ? 2 : 1) : 0
  const markGap = isRoomy && grid.mark >= roomyMark ? 1 : 0
  const firstRow = Math.max(0, Math.floor(scroll / rowHeight))
  for (let row = firstRow, top = firstRow * rowHeight - scroll; top < height; row++, top += rowHeight) {
    const user = strips.rows[row]
    upper.set(base)
    lower.set(base)
    middle.set(base)
    if (user !== undefined) {
      let threadFrom = width
      let threadTo = 0
      if (strips.scale === 'time') {
        const { starts } = strips.sequences
        const x = (event: number): number => ((strips.positions[event] as number) - grid.from) * grid.scale
        threadFrom = Math.max(0, Math.floor(x(starts[user] as number)))
        threadTo = Math.min(width, Math.ceil(x((starts[user + 1] as number) - 1)))
        if (threadTo > threadFrom) middle.fill(palette.thread, threadFrom, threadTo)
      }
      eachMark(strips, user, grid, tally, ({ x, end, type, second }) => {
        const left = Math.max(0, Math.round(x))
        const right = Math.min(width, Math.max(left + 1, Math.round(end) - markGap))
        const color = palette.types[type] as number
        upper.fill(color, left, right)
        middle.fill(color, left, right)
        lower.fill(second === -1 ? color : (palette.types[second] as number), left, right)
      })
    }
    const bottom = Math.min(height, top + rowHeight)
    const gapFrom = top + rowHeight - rowGap
    const lowerFrom = isRoomy ? top + Math.ceil((rowHeight - rowGap) * 0.65) : bottom
    const thread = isRoomy ? top + Math.floor((rowHeight - rowGap) / 2) : -1
    for (let y = Math.max(0, top); y < bottom; y++) pixels.set(y >= gapFrom ? base : y >= lowerFrom ? lower : y === thread ? middle : upper, y * width)
  }
}
