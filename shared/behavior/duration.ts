import type { Duration } from './syntax.ts'

/** Microseconds of each unit that the language knows. */
const units: Readonly<Record<string, number>> = { us: 1, 'µs': 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000, w: 604_800_000_000 }
const part = /(\d+(?:\.\d+)?)(ms|us|µs|[smhdw])/gu

/** Reads `10m`, `1h30m`, `1.5d`; undefined for what is no duration. A day has 24 hours, wherever one is. */
export function parseDuration(text: string): Duration | undefined {
  let micros = 0
  let end = 0
  for (const { 0: whole, 1: number, 2: unit, index } of text.matchAll(part)) {
    if (index !== end) return undefined
    end = index + whole.length
    micros += Number(number) * (units[unit ?? ''] ?? Number.NaN)
  }
  return end === text.length && end > 0 && Number.isFinite(micros) ? { micros: Math.round(micros), text } : undefined
}

const written = [['d', 86_400_000_000], ['h', 3_600_000_000], ['m', 60_000_000], ['s', 1_000_000], ['ms', 1000], ['us', 1]] as const

/** A duration as the language writes it, exactly: `1d12h`. */
export function formatDuration(micros: number): string {
  let rest = Math.round(micros)
  if (rest === 0) return '0s'
  let text = ''
  for (const [unit, size] of written) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text
}

/** A duration for people: no finer than what matters beside its largest unit. */
export function roughDuration(micros: number): string {
  const [, size] = written.find(([, unit]) => Math.abs(micros) >= unit) ?? ['us', 1]
  const finest = size >= 86_400_000_000 ? 3_600_000_000 : size >= 3_600_000_000 ? 60_000_000 : size >= 60_000_000 ? 1_000_000 : 1000
  const rounded = Math.round(micros / finest) * finest
  return formatDuration(rounded === 0 ? micros : rounded)
}
