import { colorVariables } from '../colors.ts'

/** Escapes a text for HTML and SVG, between tags and in quoted attributes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A tag with its attributes; what is undefined is left out. Children are markup, attributes are texts. */
export function tag(name: string, attributes: Readonly<Record<string, string | number | undefined>>, children?: string): string {
  const written = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escape(String(value))}"`)).join('')
  return children === undefined ? `<${name}${written}/>` : `<${name}${written}>${children}</${name}>`
}

/** A number as coordinates need it. */
export const at = (value: number): number => Math.round(value * 100) / 100

/** A drawing, with what it shows in words for those who hear it. Colors come from the page that it stands in. */
export interface Figure {
  readonly width: number
  readonly height: number
  readonly label: string
  readonly body: string
}

/** A figure inside of a page. */
export function figureSvg({ width, height, label, body }: Figure): string {
  return tag('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label }, body)
}

/** A figure as a file of its own, with its colors. */
export function figureFile({ width, height, label, body }: Figure, scheme: 'light' | 'dark' = 'light'): string {
  const style = `<style>svg{${colorVariables(scheme)};background:var(--page)}text{font-family:Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-size:12px;fill:var(--ink)}.dim{fill:var(--dim)}</style>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label }, `${tag('title', {}, escape(label))}${style}${body}`)}\n`
}

/** A line of text; `dim` for what matters less. */
export function label(x: number, y: number, text: string, { anchor, isDim = false }: { readonly anchor?: 'start' | 'middle' | 'end'; readonly isDim?: boolean } = {}): string {
  return tag('text', { x: at(x), y: at(y), 'text-anchor': anchor, class: isDim ? 'dim' : undefined }, escape(text))
}

/** Round numbers from 0 on that cover a range, at most about `most` of them. */
export function ticks(highest: number, most = 4): readonly number[] {
  if (highest <= 0) return [0]
  const rough = highest / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power * 10)
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step)
}
