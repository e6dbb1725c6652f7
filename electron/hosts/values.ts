import { InvalidArgumentError } from 'commander'
import type { EndAt, StartAt } from '../../shared/model/source.ts'

const durationUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const sizeUnits = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const

/** Reads `500ms`, `10m`, `24h`, `7d` as milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) throw new InvalidArgumentError('A duration is a number with ms, s, m, h or d, such as 10m.')
  return Math.round(Number(amount) * durationUnits[unit as keyof typeof durationUnits])
}

/** Reads `10GB`, `500MB` as bytes. */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(KB|MB|GB|TB|)$/i.exec(text) ?? []
  if (amount === undefined || unit === undefined) throw new InvalidArgumentError('A size is a number with KB, MB, GB or TB, such as 10GB.')
  return Math.round(Number(amount) * sizeUnits[unit.toUpperCase() as keyof typeof sizeUnits])
}

/** Reads `0.05` or `5%` as a share of 1, above 0. */
export function parseShare(text: string): number {
  const [, number, percent] = /^(\d*\.?\d+) ?(%|)$/.exec(text.trim()) ?? []
  const share = Number(number) / (percent === '%' ? 100 : 1)
  if (share > 0 && share <= 1) return share
  throw new InvalidArgumentError('A share is a number such as 0.05 or 5%, above 0 and not above 1.')
}

/** Reads an ISO 8601 time as microseconds since the epoch; without a zone it is UTC. */
export function parseMicros(text: string): bigint {
  const [, date = '', hours = '00:00', seconds = '00', fraction = '', zone = 'Z'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(text.trim()) ?? []
  const wall = `${date}T${hours}:${seconds}`
  // JavaScript takes the 30th of February for the 2nd of March
  const isReal = !Number.isNaN(Date.parse(`${wall}Z`)) && new Date(`${wall}Z`).toISOString().startsWith(wall)
  const millis = isReal ? Date.parse(`${wall}${zone.toUpperCase()}`) : NaN
  if (Number.isNaN(millis)) throw new InvalidArgumentError('A time is written as 2026-01-31T12:00:00Z.')
  return BigInt(millis) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Reads an ISO 8601 time as epoch milliseconds; without a zone it is UTC. */
export function parseTime(text: string): number {
  return Math.floor(Number(parseMicros(text)) / 1000)
}

/** Reads `beginning`, `latest`, an offset or a time. */
export function parseStart(text: string): StartAt {
  if (text === 'beginning' || text === 'latest') return { at: text }
  if (/^\d+$/.test(text)) return { at: 'offset', offset: BigInt(text) }
  return { at: 'time', time: parseTime(text) }
}

/** Reads `never`, `now`, an offset or a time. */
export function parseEnd(text: string): EndAt {
  if (text === 'never' || text === 'now') return { at: text }
  if (/^\d+$/.test(text)) return { at: 'offset', offset: BigInt(text) }
  return { at: 'time', time: parseTime(text) }
}

/** A reader of whole numbers that are neither below `least` nor above `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(most === Number.MAX_SAFE_INTEGER ? `A whole number is wanted, ${least} or more.` : `A whole number is wanted, from ${least} to ${most.toLocaleString('en-US')}.`)
  }
}

/** Reads a whole number that is not negative. */
export const parseCount = wholeNumber(0)

/** Reads one character that separates columns; `tab` and `\\t` are the tabulator. */
export function parseDelimiter(text: string): string {
  if (text === 'tab' || text === '\\t') return '\t'
  if (text.length !== 1) throw new InvalidArgumentError('One character is wanted, or tab.')
  return text
}
