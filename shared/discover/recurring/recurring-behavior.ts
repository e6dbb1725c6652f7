import { formatDuration } from '../../behavior/duration.ts'
import { printBehavior } from '../../behavior/print.ts'
import type { Duration, Expression } from '../../behavior/syntax.ts'
import type { Recurrence } from './recur.ts'

/** Which events come back: of a type, and with one value of an attribute or of one key where these are given. */
export interface Recurring {
  readonly type: string
  readonly attribute?: string
  readonly value?: string
  readonly key?: string
}

const minute = 60_000_000
const span = { start: 0, end: 0 }
const mostTimes = 5
/** A chain ends at the first that is missed: this share of hits at least stands in rows that are long enough. */
const leastFound = 0.75

/**
 * The behavior that finds events that come back. The distance of two hits varies by twice the window's half; as many in a
 * row are asked for, five at most, as leave three quarters of the hits in rows that are so long: with one missed here and
 * there most rows are short, and a behavior that asks for the longest would miss what was found.
 *
 * @param keyField what the key is called here: an attribute may have the name `user`
 */
export function recurringBehavior({ type, attribute, value, key }: Recurring, { period, tolerance, hits }: Pick<Recurrence, 'period' | 'tolerance' | 'hits'>, keyField = 'user'): string {
  const field = attribute ?? (key === undefined ? 'source' : keyField)
  const wanted = attribute === undefined ? key : value
  const where: Expression | undefined =
    wanted === undefined ? undefined : { kind: 'binary', operator: '==', left: { kind: 'field', path: field, span }, right: { kind: 'string', value: wanted, span }, span }
  const rounded = Math.max(minute, Math.round(period / minute) * minute)
  const every = { period: duration(rounded), tolerance: duration(Math.ceil((2 * tolerance) / minute + 1) * minute), atLeast: timesInARow(hits), span }
  const step = {
    kind: 'step', comments: [], label: undefined, labelSpan: undefined, optional: false, contiguity: 'skip till next', where, times: { min: 1, max: 1 },
    within: undefined, after: undefined, same: [], different: [], span,
    pattern: { kind: 'event', label: undefined, labelSpan: undefined, types: [{ text: type, quoted: true, span }], where: undefined, span },
  } as const
  const body = { kind: 'sequence', by: [{ path: field, span }], within: undefined, session: undefined, clauses: [step], match: 'first', skip: 'past last', every, returns: [] } as const
  return printBehavior({ name: `${type}${wanted === undefined ? '' : ` ${wanted}`} every ${every.period.text}`, comments: [], body, endComments: [], react: [], span, nameSpan: span }) + '\n'
}

function duration(micros: number): Duration {
  return { micros, text: formatDuration(micros) }
}

function timesInARow(hits: ReadonlyMap<number, number>): number {
  const rows: number[] = []
  let before = NaN
  for (const slot of [...hits.keys()].sort((a, b) => a - b)) {
    if (slot === before + 1) rows[rows.length - 1] = (rows[rows.length - 1] as number) + 1
    else rows.push(1)
    before = slot
  }
  const isEnough = (times: number): boolean => rows.reduce((sum, row) => sum + (row >= times ? row : 0), 0) >= leastFound * hits.size
  for (let times = mostTimes; times > 2; times--) if (isEnough(times)) return times
  return 2
}
