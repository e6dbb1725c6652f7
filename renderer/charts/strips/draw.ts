import { themeColor } from '../use-canvas.ts'
import { axisTicks, type AxisKind } from './axis.ts'
import { gridOf, type Grid, type Range, type Strips } from './marks.ts'
import { packColor, paintRows } from './paint.ts'

/** What a drawing of strips shows. Lengths are CSS pixels. */
export interface Scene {
  readonly strips: Strips
  readonly range: Range
  readonly axis: AxisKind
  /** `#rrggbb` and the name of each type. */
  readonly colors: readonly string[]
  readonly names: readonly string[]
  /** The name of a user, as it may be shown. */
  readonly nameOf: (user: number) => string
  readonly rowHeight: number
  /** Pixels above the first row in sight. */
  readonly scroll: number
  readonly selectedRow: number
}

/** The height of the axis. */
export const axisHeight = 22

/** From this height on a row has room for its user's name. */
const namedRow = 11

/** The width of the column left of the strips: names where they have room, else the numbers of rows. */
export const gutterWidth = (rowHeight: number): number => (rowHeight >= namedRow ? 124 : 52)

/** The grid of a scene that is `width` wide, in CSS pixels. */
export function sceneGrid({ range, rowHeight, strips }: Pick<Scene, 'range' | 'rowHeight' | 'strips'>, width: number): Grid {
  return gridOf(range, Math.max(1, width - gutterWidth(rowHeight)), rowHeight, strips.scale)
}

const axisNames: Readonly<Record<AxisKind, string>> = { clock: 'time', day: 'time', offset: 'time', step: 'step' }

/** The colors of a theme as a drawing needs them, read once a frame. */
interface Ink {
  readonly text: string
  readonly dimmed: string
  readonly line: string
  readonly body: string
  readonly accent: string
  readonly font: string
}

/**
 * Draws strips at the upper left of a canvas, `width` by `height` CSS pixels, `density` device pixels each. `element`
 * lends its theme. The rows are painted as one image, which is kept in `keep` from frame to frame.
 */
export function drawStrips(context: CanvasRenderingContext2D, element: Element, scene: Scene, { width, height, density, keep }: { readonly width: number; readonly height: number; readonly density: number; readonly keep: { image?: ImageData } }): void {
  const ink: Ink = {
    text: themeColor(element, '--mantine-color-text'),
    dimmed: themeColor(element, '--mantine-color-dimmed'),
    line: themeColor(element, '--mantine-color-default-border'),
    body: themeColor(element, '--mantine-color-body'),
    accent: themeColor(element, '--mantine-primary-color-filled'),
    font: themeColor(element, '--mantine-font-family'),
  }
  const gutter = gutterWidth(scene.rowHeight)
  const grid = sceneGrid(scene, width)
  const ticks = axisTicks(scene.axis, scene.range, Math.max(2, (width - gutter) / (scene.axis === 'step' ? 46 : 96)))
  const isBlocks = scene.strips.scale === 'step'
  // the number of a step stands over its block, not over the edge of it
  const x = (at: number): number => (at - grid.from) * grid.scale
  context.setTransform(1, 0, 0, 1, 0, 0)
  paint(context, scene, { gutter, width, height, density, lines: isBlocks ? [] : ticks.map(({ at }) => x(at) * density), zero: scene.axis === 'clock' ? -1 : x(0) * density, keep, ink })
  context.setTransform(density, 0, 0, density, 0, 0)
  context.font = `11px ${ink.font}`
  context.textBaseline = 'middle'
  context.clearRect(0, 0, width, axisHeight)
  context.strokeStyle = ink.line
  context.beginPath()
  context.moveTo(0, axisHeight - 0.5)
  context.lineTo(width, axisHeight - 0.5)
  context.stroke()
  context.fillStyle = ink.dimmed
  context.textAlign = 'center'
  for (const { at, label } of ticks) {
    const center = gutter + x(at) + (isBlocks ? grid.scale / 2 : 0)
    const half = context.measureText(label).width / 2
    if (center - half > gutter && center + half < width) context.fillText(label, center, axisHeight / 2)
  }
  context.textAlign = 'left'
  context.fillText(axisNames[scene.axis], 6, axisHeight / 2)
  drawGutter(context, scene, { gutter, height, ink })
  if (isBlocks && grid.scale >= 44 && scene.rowHeight >= 14) drawBlockNames(context, scene, grid, { gutter, width, height })
  drawSelection(context, scene, { width, height, gutter, ink })
}

function paint(context: CanvasRenderingContext2D, { strips, range, colors, rowHeight, scroll }: Scene, { gutter, width, height, density, lines, zero, keep, ink }: { readonly gutter: number; readonly width: number; readonly height: number; readonly density: number; readonly lines: readonly number[]; readonly zero: number; readonly keep: { image?: ImageData }; readonly ink: Ink }): void {
  const [left, top] = [Math.round(gutter * density), Math.round(axisHeight * density)]
  const size = { width: Math.max(1, Math.round(width * density) - left), height: Math.max(1, Math.round(height * density) - top) }
  if (keep.image?.width !== size.width || keep.image.height !== size.height) keep.image = new ImageData(size.width, size.height)
  const pixels = new Uint32Array(keep.image.data.buffer)
  const rowPixels = Math.max(1, Math.round(rowHeight * density))
  paintRows({ pixels, ...size }, strips, gridOf(range, size.width, rowHeight, strips.scale), {
    scroll: Math.round((scroll / rowHeight) * rowPixels),
    rowHeight: rowPixels,
    palette: { types: Uint32Array.from(colors, packColor), thread: packed(ink.line), line: packed(ink.line), zero: packed(ink.dimmed) },
    lines,
    zero,
  })
  context.putImageData(keep.image, left, top)
}

/** A color of the theme as a pixel; what is not written as `#rrggbb` there is taken for a gray. */
const packed = (color: string): number => packColor(/^#[0-9a-f]{6}$/i.test(color) ? color : '#888888')

function drawGutter(context: CanvasRenderingContext2D, { strips: { rows }, nameOf, rowHeight, scroll, selectedRow }: Scene, { gutter, height, ink }: { readonly gutter: number; readonly height: number; readonly ink: Ink }): void {
  context.save()
  context.beginPath()
  context.rect(0, axisHeight, gutter, height - axisHeight)
  context.clip()
  context.clearRect(0, axisHeight, gutter, height - axisHeight)
  const isNamed = rowHeight >= namedRow
  const every = isNamed ? 1 : Math.max(1, niceRows(60 / rowHeight))
  context.textAlign = isNamed ? 'left' : 'right'
  const first = Math.floor(Math.floor(scroll / rowHeight) / every) * every
  for (let row = first; row < rows.length && row * rowHeight - scroll < height; row += every) {
    const middle = axisHeight + row * rowHeight - scroll + rowHeight / 2
    context.fillStyle = row === selectedRow ? ink.text : ink.dimmed
    if (isNamed) context.fillText(shortened(context, nameOf(rows[row] as number), gutter - 12), 6, middle)
    else context.fillText((row + 1).toLocaleString(), gutter - 8, Math.max(axisHeight + 7, middle))
  }
  context.restore()
}

const niceRows = (wanted: number): number => [1, 2, 5, 10, 20, 50, 100].find((one) => one >= wanted) ?? 100

/** The names of the types on their blocks, where they have room. */
function drawBlockNames(context: CanvasRenderingContext2D, { strips: { sequences, positions, rows }, names, colors, rowHeight, scroll }: Scene, grid: Grid, { gutter, width, height }: { readonly gutter: number; readonly width: number; readonly height: number }): void {
  context.save()
  context.beginPath()
  context.rect(gutter, axisHeight, width - gutter, height - axisHeight)
  context.clip()
  context.textAlign = 'left'
  context.font = context.font.replace('11px', '10px')
  const shown = new Map<string, string>()
  for (let row = Math.floor(scroll / rowHeight); row < rows.length && row * rowHeight - scroll < height - axisHeight; row++) {
    const user = rows[row] as number
    const start = sequences.starts[user] as number
    const end = sequences.starts[user + 1] as number
    const zero = positions[start] as number
    for (let event = start + Math.max(0, Math.floor(grid.from - zero)); event < end && (positions[event] as number) < grid.to; event++) {
      const type = sequences.type[event] as number
      const count = sequences.count[event] as number
      const name = `${count > 1 ? `${count}× ` : ''}${names[type] ?? ''}`
      const text = shown.get(name) ?? shortened(context, name, grid.scale - 8)
      shown.set(name, text)
      context.fillStyle = isLight(colors[type] ?? '#000000') ? '#000000' : '#ffffff'
      context.fillText(text, gutter + ((positions[event] as number) - grid.from) * grid.scale + 4, axisHeight + row * rowHeight - scroll + (rowHeight - 2) / 2 + 0.5)
    }
  }
  context.restore()
}

/** Whether black is easier to read on a color than white (WCAG 2, relative luminance). */
function isLight(hex: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
}

function drawSelection(context: CanvasRenderingContext2D, { rowHeight, scroll, selectedRow }: Scene, { width, height, gutter, ink }: { readonly width: number; readonly height: number; readonly gutter: number; readonly ink: Ink }): void {
  const top = axisHeight + selectedRow * rowHeight - scroll
  if (selectedRow < 0 || top + rowHeight < axisHeight || top > height) return
  context.save()
  context.beginPath()
  context.rect(0, axisHeight, width, height - axisHeight)
  context.clip()
  // around the row, so that nothing of it is covered, however thin it is
  context.strokeStyle = ink.text
  context.lineWidth = 1.5
  context.strokeRect(gutter - 2, top - 1.25, width - gutter + 1, rowHeight + 1.5)
  context.fillStyle = ink.accent
  context.fillRect(0, top - (rowHeight < 4 ? 2 : 0), 3, Math.max(4, rowHeight))
  context.restore()
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let length = Math.min(text.length, 40)
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--
  return `${text.slice(0, length)}…`
}
