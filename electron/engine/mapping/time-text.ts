import type { TimeFormat } from '../../../shared/model/mapping.ts'

/** Times of events lie between these years; a number outside is no time. Milliseconds. */
const earliest = Date.UTC(1990, 0)
const latest = Date.UTC(2100, 0)

/** ISO 8601 and its common relatives, as DuckDB reads them: a date, a time, a fraction, a zone as Z, an offset or UTC. */
const isoText = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?)?$/i

/** How a value says a time, with the time in epoch milliseconds; undefined where it does not. */
export function readTime(text: string): { readonly format: TimeFormat; readonly time: number } | undefined {
  if (isoText.test(text)) {
    const time = Date.parse(text.replace(' UTC', 'Z').replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T').replace(/^([^+Z]*:\d{2}[^+Z-]*)$/i, '$1Z'))
    return Number.isNaN(time) || !isPlausible(time) ? undefined : { format: 'iso', time }
  }
  if (!/^\d{9,19}(\.\d{1,9})?$/.test(text)) return undefined
  const value = Number(text)
  for (const [format, perMilli] of [['epoch_s', 0.001], ['epoch_ms', 1], ['epoch_us', 1e3], ['epoch_ns', 1e6]] as const) {
    const time = value / perMilli
    if (isPlausible(time)) return { format, time }
  }
  return undefined
}

function isPlausible(time: number): boolean {
  return time >= earliest && time < latest
}
