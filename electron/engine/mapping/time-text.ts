import type { TimeFormat } from '../../../shared/model/mapping.ts'

/** Times of events lie between these; what lies outside is a missing time's stand-in (year 1, 1970) or no time. Milliseconds. */
const earliest = Date.UTC(1990, 0)
const latest = Date.UTC(2100, 0)

/**
 * The forms of ISO 8601 and its relatives that the store reads as the moment they mean; tested against its SQL. A zone
 * needs seconds in front of it.
 */
const isoText = /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?(?:Z| UTC| GMT|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)?)?)?$/

/** Digits of an epoch time, with a fraction where seconds have one. */
const epochText = /^\d{9,19}(?:\.\d{1,9})?$/

const epochFormats = [['epoch_s', 1e3], ['epoch_ms', 1], ['epoch_us', 1e-3], ['epoch_ns', 1e-6]] as const

/** A time that a text says: how it is written, and the moment in epoch milliseconds. */
export interface TimeText {
  readonly format: TimeFormat
  readonly time: number
}

/** Reads a time that an event may have; undefined for every other text. The unit of an epoch time follows from its size. */
export function readTime(text: string): TimeText | undefined {
  const iso = readIso(text)
  if (iso !== undefined) return isPlausible(iso) ? { format: 'iso', time: iso } : undefined
  if (!epochText.test(text)) return undefined
  for (const [format, milliseconds] of epochFormats) {
    const time = Number(text) * milliseconds
    if (isPlausible(time)) return { format, time }
  }
  return undefined
}

function readIso(text: string): number | undefined {
  const parts = isoText.exec(text)
  if (parts === null) return undefined
  const [, year, , month, day, hour = '00', minute = '00', second = '00', fraction = '0', sign = '+', offsetHours = '0', offsetMinutes = '0'] = parts
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour}:${minute}:${second}Z`)
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000
  // Date.parse rolls 30 February over to March
  return Number.isNaN(time) || new Date(time).getUTCDate() !== Number(day) ? undefined : time + Number(`0.${fraction}`) * 1000 - offset
}

function isPlausible(time: number): boolean {
  return time >= earliest && time < latest
}
