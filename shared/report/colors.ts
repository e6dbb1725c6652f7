import { typeColors } from '../model/type-colors.ts'

/** What is drawn and written in which color, in one scheme. The app's own (its theme), so that a report looks like the screen. */
const light = { page: '#ffffff', card: '#f8f9fa', ink: '#1f2328', dim: '#575e67', line: '#dee2e6', bar: '#087f5b', soft: '#c3e6da', pending: '#fab005', mark: '#1f2328', accent: '#06543c' } as const
const dark: Record<keyof typeof light, string> = { page: '#1a1c1f', card: '#23262a', ink: '#e3e6ea', dim: '#aab1bc', line: '#3b4047', bar: '#12a677', soft: '#174c3c', pending: '#fab005', mark: '#e3e6ea', accent: '#96f2d7' }

/** The name of a color in the style sheet. */
export type ColorName = keyof typeof light

/** A color of the report, as a value of SVG and CSS. */
export const color = (name: ColorName): string => `var(--${name})`
/** The color of an event type, by its code. */
export const typeColorOf = (code: number): string => `var(--type-${((code % typeColors.light.length) + typeColors.light.length) % typeColors.light.length})`

/** The definitions of all colors of a scheme. */
export function colorVariables(scheme: 'light' | 'dark'): string {
  const named = Object.entries(scheme === 'light' ? light : dark).map(([name, value]) => `--${name}:${value}`)
  return [...named, ...typeColors[scheme].map((value, index) => `--type-${index}:${value}`)].join(';')
}
