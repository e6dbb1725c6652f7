import { typeColors } from '../../shared/model/type-colors.ts'

/** The color of a type, by the code that it keeps for as long as the workspace lives. */
export function typeColor(code: number, scheme: 'light' | 'dark'): string {
  const colors = typeColors[scheme]
  return colors[((code % colors.length) + colors.length) % colors.length] ?? colors[0]
}
