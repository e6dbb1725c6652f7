import { themeColor } from '../use-canvas.ts'
import { axisHeight, drawStrips, type Scene } from './draw.ts'

/** No browser makes a higher canvas than this, in device pixels. */
const highest = 16_000
const margin = 14
const line = 17
const swatch = 9

/**
 * A picture of all rows for people who do not have the app: caption, legend, axis and strips, in the theme of `element`.
 * Rows beyond what a picture can hold are left out, and the caption says so.
 *
 * @throws Error when the browser cannot make a picture of this size
 */
export async function drawFigure(element: Element, scene: Scene, { width, density, caption }: { readonly width: number; readonly density: number; readonly caption: readonly string[] }): Promise<Blob> {
  const used = new Set(scene.strips.sequences.type)
  const legend = scene.names.flatMap((name, type) => (used.has(type) ? [{ name, color: scene.colors[type] ?? '' }] : []))
  const measure = document.createElement('canvas').getContext('2d')
  if (measure === null) throw new Error('the browser makes no canvas')
  const font = themeColor(element, '--mantine-font-family')
  measure.font = `12px ${font}`
  const places = legendPlaces(legend.map(({ name }) => measure.measureText(name).width), width)
  const head = margin + line * (caption.length + 1 + (places.at(-1)?.row ?? 0) + 1) + 6
  const { length } = scene.strips.rows
  const room = Math.floor((highest / density - head - line - margin - axisHeight) / scene.rowHeight)
  const rows = Math.min(length, room)
  const height = axisHeight + rows * scene.rowHeight

  const strips = document.createElement('canvas')
  strips.width = Math.round(width * density)
  strips.height = Math.round(height * density)
  const stripsContext = strips.getContext('2d')
  const figure = document.createElement('canvas')
  figure.width = Math.round((width + 2 * margin) * density)
  figure.height = Math.round((head + height + margin) * density)
  const context = figure.getContext('2d')
  if (context === null || stripsContext === null) throw new Error('the browser makes no canvas')
  drawStrips(stripsContext, element, { ...scene, scroll: 0, selectedRow: -1 }, { width, height, density, keep: {} })

  context.fillStyle = themeColor(element, '--mantine-color-body')
  context.fillRect(0, 0, figure.width, figure.height)
  context.drawImage(strips, Math.round(margin * density), Math.round(head * density))
  context.setTransform(density, 0, 0, density, 0, 0)
  context.textBaseline = 'middle'
  const cut = rows < length ? `The first ${rows.toLocaleString()} of ${length.toLocaleString()} rows: a picture holds no more at this row height.` : `${length.toLocaleString()} rows.`
  for (const [index, text] of [...caption, cut].entries()) {
    context.font = `${index === 0 ? '600 ' : ''}12px ${font}`
    context.fillStyle = themeColor(element, index === 0 ? '--mantine-color-text' : '--mantine-color-dimmed')
    context.fillText(text, margin, margin + line * index + line / 2, width)
  }
  context.font = `12px ${font}`
  for (const [index, { name, color }] of legend.entries()) {
    const { x, row } = places[index] ?? { x: 0, row: 0 }
    const middle = margin + line * (caption.length + 1 + row) + line / 2 + 3
    context.fillStyle = color
    context.fillRect(margin + x, middle - swatch / 2, swatch, swatch)
    context.fillStyle = themeColor(element, '--mantine-color-text')
    context.fillText(name, margin + x + swatch + 5, middle, width)
  }
  return new Promise((resolve, reject) => figure.toBlob((blob) => (blob === null ? reject(new Error('The browser could not make a picture of this size.')) : resolve(blob)), 'image/png'))
}

/** Where each entry of a legend stands, line by line. */
function legendPlaces(widths: readonly number[], width: number): readonly { readonly x: number; readonly row: number }[] {
  let x = 0
  let row = 0
  return widths.map((text) => {
    const whole = swatch + 5 + text + 16
    if (x > 0 && x + whole > width) {
      x = 0
      row++
    }
    const place = { x, row }
    x += whole
    return place
  })
}
