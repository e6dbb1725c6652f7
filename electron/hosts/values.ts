import { InvalidArgumentError } from 'commander'
import type { EndAt, StartAt } from '../../shared/model/source.ts'

const durationUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const sizeUnits = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const

/** Reads `500ms`, `10m`, `24h`, `7d` as milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) throw new InvalidArgumentError('A duration is a number with ms, s, m, h or d, such as 10m.')
  return Number(amount) * durationUnits[unit as keyof typeof durationUnits]
}

/** Reads `10GB`, `500MB` as bytes. */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(KB|MB|GB|TB|)$/i.exec(text) ?? []
  if (amount === undefined || unit === undefined) throw new InvalidArgumentError('A size is a number with KB, MB, GB or TB, such as 10GB.')
  return Math.round(Number(amount) * sizeUnits[unit.toUpperCase() as keyof typeof sizeUnits])
}

/** Reads an ISO 8601 time as epoch milliseconds; without a zone it is UTC. */
export function parseTime(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(/([Zz]|[+-]\d{2}:?\d{2})$/.test(text) || text.length === 10 ? text : `${text.replace(' ', 'T')}Z`) : NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('A time is written as 2026-01-31T12:00:00Z.')
  return time
}

/** Reads a time as microseconds, as the contract has them. */
export function parseMicros(text: string): bigint {
  return BigInt(parseTime(text)) * 1000n
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

/** Reads a whole number that is not negative. */
export function parseCount(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.')
  return Number(text)
}
