import { formatFieldPath } from '../../../shared/model/field-path.ts'
import type { TimeFormat } from '../../../shared/model/mapping.ts'
import { describe, examples, isConstant, rank, share, show, type Candidate } from './candidate.ts'
import type { FieldProfile, GuessRecord } from './flatten.ts'
import { saysWhen } from './names.ts'
import { readTime } from './time-text.ts'

const hour = 3_600_000
const day = 24 * hour

const forms: Record<TimeFormat, string> = {
  iso: 'dates with times',
  epoch_s: 'seconds since 1970',
  epoch_ms: 'milliseconds since 1970',
  epoch_us: 'microseconds since 1970',
  epoch_ns: 'nanoseconds since 1970',
}

/** The times of a field in its most frequent format. */
interface Times {
  readonly format: TimeFormat
  readonly times: readonly { readonly record: number; readonly time: number }[]
  /** Milliseconds between the times and the broker's, in the median. */
  readonly away: number
}

/**
 * Guesses what says when it happened: the CloudEvents time, or a field whose values are times. The name says which of
 * several it is; a number without such a name is a time only where it keeps to the broker's clock.
 * A record without a time becomes a dead letter, so a field that many records lack counts for little.
 */
export function guessTime(fields: readonly FieldProfile[], records: readonly GuessRecord[]): Candidate[] {
  const found = fields.flatMap((field): Candidate[] => {
    const path = formatFieldPath(field.path)
    if (path === '$ce.time') return [{ path, field, format: 'iso', confidence: share(field, records.length), reason: `${describe(field, records.length)}, such as ${examples(field)}: the CloudEvents time` }]
    const times = readTimes(field, records)
    if (times === undefined || field.path.from === 'key') return []
    const says = saysWhen(field.path)
    const near = times.away <= day
    const weight = says?.weight ?? (times.format === 'iso' ? 0.5 : near ? 0.35 : 0)
    if (weight === 0) return []
    const fits = (times.times.length / field.values.length) * (near ? 1 : 0.9) * (isConstant(field) ? 0.3 : 1) * (isDateOnly(field) ? 0.5 : 1)
    return [{
      path,
      field,
      format: times.format,
      confidence: 0.95 * weight * fits * share(field, records.length) ** 2,
      reason: `${describe(field, records.length)}, ${isDateOnly(field) ? 'dates' : forms[times.format]} such as ${examples(field)}${says === undefined ? '' : `; its name says ${says.word}`}${near ? `; ${wordAway(times.away)} the broker's time` : ''}`,
    }]
  })
  const unread = fields.find((field) => (saysWhen(field.path)?.weight ?? 0) >= 0.7 && [...field.distinct.keys()].some((text) => /\d.*[:/ -].*\d/.test(text)) && readTimes(field, records) === undefined)
  return rank([...found, {
    path: '$broker_time',
    format: 'iso',
    confidence: 0.12,
    reason: unread === undefined ? "no field says when it happened, so the broker's time stands for it" : `the form of ${show(unread.path)} (${examples(unread)}) cannot be read, so the broker's time stands for it`,
  }])
}

/** Reads a field as times; undefined where fewer than 95 of 100 values are times of one format. */
function readTimes(field: FieldProfile, records: readonly GuessRecord[]): Times | undefined {
  const read = field.values.flatMap(({ record, text }) => {
    const time = readTime(text)
    return time === undefined ? [] : [{ ...time, record }]
  })
  const format = read[0]?.format
  const times = read.filter((time) => time.format === format)
  if (format === undefined || times.length < 0.95 * field.values.length) return undefined
  const away = times.map(({ record, time }) => Math.abs(time - (records[record]?.brokerTime ?? time))).sort((a, b) => a - b)
  return { format, times, away: away[Math.floor(away.length / 2)] ?? 0 }
}

function isDateOnly({ distinct }: FieldProfile): boolean {
  return [...distinct.keys()].every((text) => /^\d{4}[-/]\d{2}[-/]\d{2}$/.test(text))
}

function wordAway(milliseconds: number): string {
  return milliseconds <= 60_000 ? 'within a minute of' : milliseconds <= hour ? 'within an hour of' : 'within a day of'
}
