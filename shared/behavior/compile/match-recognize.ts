import type { TypeGlob } from '../syntax.ts'
import { patternsOf } from '../check.ts'
import { all, Conditions } from './conditions.ts'
import { flink } from './dialect.ts'
import { fixedColumns } from './fields.ts'
import type { Plan, Slot } from './plan.ts'

/**
 * Rows that stand for a moment at which something is known not to have happened: `micros` behind every event of the
 * types, and behind all events of that moment. Each comes twice, numbered 1 and 2 by the column `tick`, 0 in events.
 */
export interface Ticks {
  readonly micros: number
  readonly types: readonly TypeGlob[]
}

/** `MATCH_RECOGNIZE` over the relation `events`, and the names of what it gives. */
export interface Recognized {
  readonly sql: string
  /** Columns of the key, in the order of `by`. */
  readonly keys: readonly { readonly path: string; readonly column: string }[]
  /** For each bound event the prefix of its columns: `e1_us`, `e1_type`, `e1_topic`, … */
  readonly events: readonly string[]
  /** Whether the last step takes as many as it can: `more` has its further events, an array of rows with nulls between them, and `more_us` the time of the last. */
  readonly more: boolean
  readonly returns: readonly { readonly name: string; readonly column: string }[]
}

/** Columns of a bound event that prove it. */
export const proof = ['us', 'type', 'source', 'topic', 'partition', 'offset'] as const

const variable = (slot: number): string => `S${slot + 1}`

/** The ticks that a plan needs. */
export function ticksOf(plan: Plan): readonly Ticks[] {
  const typesOf = (slot: number): readonly TypeGlob[] => patternsOf((plan.slots[slot] as Slot).step).flatMap(({ types }) => types)
  const last = plan.slots.length - 1
  const bounds = [...plan.regions.flatMap(({ bound }) => (bound === undefined ? [] : [bound])), ...(plan.openRun?.bounds ?? [])]
  const ticks = bounds.map(({ anchor, micros }): Ticks => ({ micros, types: typesOf(anchor) }))
  // where the bound may be over before the last event comes, nothing else tells that all is known
  const needsOwn = plan.openRun === undefined && bounds.length > 0 && bounds.every(({ anchor }) => anchor !== last)
  return needsOwn ? [...ticks, { micros: 0, types: typesOf(last) }] : ticks
}

/** A plan as `MATCH_RECOGNIZE` (SQL:2016) in the part of it that Flink has: variables in a row, each event decided when it comes. */
export function toMatchRecognize(plan: Plan): Recognized {
  const { body, slots, openRun } = plan
  const conditions = new Conditions(plan, flink, variable)
  const hasTicks = ticksOf(plan).length > 0
  const isTrailing = hasTicks && openRun === undefined
  const column = (row: string, name: string): string => conditions.column(row, name)
  const inSession = (row: string): readonly string[] => (body.session === undefined ? [] : [`${column(row, 'us')} - LAST(${flink.identifier('us')}, 1) <= ${body.session.micros}`])
  const isEvent = (row: string): readonly string[] => (hasTicks ? [`${column(row, 'tick')} = 0`] : [])
  const eventKeeps = (slot: number, row: string, place: 'passed' | 'taken'): readonly string[] => {
    const keeps = conditions.keeps(slot, row, place)
    return keeps.length > 0 && hasTicks && place === 'passed' ? [`(${column(row, 'tick')} > 0 OR (${all(keeps)}))`] : keeps
  }

  const pattern: string[] = []
  const defines: string[] = []
  const define = (name: string, parts: readonly string[]): void => {
    defines.push(`    ${name} AS ${all(parts)}`)
  }
  for (const [slot, { step }] of slots.entries()) {
    const taken = variable(slot)
    if (slot > 0 && (step.contiguity !== 'next' || hasTicks)) {
      const passed = `X${slot + 1}`
      pattern.push(`${passed}*`)
      const isPassed = step.contiguity === 'next' ? [`${column(passed, 'tick')} > 0`] : [`NOT (${all([...isEvent(passed), conditions.fits(slot, passed)])})`]
      define(passed, [...isPassed, ...conditions.inTime(slot, passed), ...eventKeeps(slot, passed, 'passed'), ...inSession(passed)])
    }
    pattern.push(taken)
    define(taken, [...isEvent(taken), conditions.fits(slot, taken), ...eventKeeps(slot, taken, 'taken'), ...(slot === 0 ? [] : inSession(taken))])
  }
  const end = slots.length
  const isTick = (row: string): string => `${column(row, 'tick')} = 2`
  if (isTrailing) {
    const bounds = plan.regions.flatMap(({ bound }) => (bound === undefined ? [] : [bound]))
    const known = (row: string): string => {
      const than = (operator: string): string => all(bounds.map(({ anchor, micros }) => `${conditions.us(row)} ${operator} ${conditions.us(variable(anchor))} + ${micros}`))
      return `((${than('>')}) OR (${isTick(row)} AND ${than('>=')}))`
    }
    pattern.push('N', 'G*', 'T')
    define('N', eventKeeps(end, 'N', 'passed'))
    define('G', [`NOT ${known('G')}`, ...eventKeeps(end, 'G', 'passed')])
    define('T', [known('T')])
  }
  if (openRun !== undefined) {
    const bounds = (row: string, operator: string): readonly string[] => openRun.bounds.map(({ anchor, micros }) => `${conditions.us(row)} ${operator} ${conditions.us(variable(anchor))} + ${micros}`)
    const over = (row: string): string => `(${isTick(row)} AND (${bounds(row, '>=').join(' OR ')}))`
    pattern.push('R*', 'T')
    define('R', [`NOT ${over('R')}`, ...bounds('R', '<=')])
    define('T', [over('T')])
  }

  const keys = body.by.map(({ path }, index) => ({ path, field: plan.fields.find(path).name, column: `key${index + 1}` }))
  const returns = body.returns.map(({ expression, name }, index) => ({ name, column: `value${index + 1}`, sql: conditions.value(expression).sql }))
  const isMore = openRun === undefined ? '' : all([...isEvent('R'), conditions.fitsRun('R')])
  const measures = [
    // Flink 1.20 mixes up the names of several columns of PARTITION BY in what it gives
    ...keys.map(({ field, column: name }) => `${column(variable(0), field)} AS ${flink.identifier(name)}`),
    ...slots.flatMap((_, slot) => proof.map((name) => `${column(variable(slot), name)} AS ${flink.identifier(`e${slot + 1}_${name}`)}`)),
    ...(openRun === undefined ? [] : [`ARRAY_AGG(CASE WHEN ${isMore} THEN ROW(${proof.map((name) => column('R', name)).join(', ')}) END) AS ${flink.identifier('more')}`, `MAX(CASE WHEN ${isMore} THEN ${column('R', 'us')} END) AS ${flink.identifier('more_us')}`]),
    ...returns.map(({ column: name, sql }) => `${sql} AS ${flink.identifier(name)}`),
  ]
  const partition = keys.map(({ field }) => flink.identifier(field))
  const order = ['ts', 'us', ...(hasTicks ? ['tick'] : []), ...fixedColumns.filter((name) => ['origin', 'sequence', 'source_no', 'partition', 'offset'].includes(name))].map((name) => flink.identifier(name))
  const skip = body.skip === 'overlap' ? 'TO NEXT ROW' : isTrailing ? 'TO FIRST N' : 'PAST LAST ROW'
  const recognized = `MATCH_RECOGNIZE (
  PARTITION BY ${partition.join(', ')}
  ORDER BY ${order.join(', ')}
  MEASURES
    ${measures.join(',\n    ')}
  ONE ROW PER MATCH
  AFTER MATCH SKIP ${skip}
  PATTERN (${pattern.join(' ')})${withinSql(plan)}
  DEFINE
${defines.join(',\n')}
)`
  return {
    sql: recognized,
    keys: keys.map(({ path, column: name }) => ({ path, column: name })),
    events: slots.map((_, slot) => `e${slot + 1}`),
    more: openRun !== undefined,
    returns: returns.map(({ name, column: value }) => ({ name, column: value })),
  }
}

/** Lets Flink forget a start that can no longer be completed. The exact bounds, inclusive and in microseconds, are in DEFINE. */
function withinSql(plan: Plan): string {
  if (plan.span === undefined) return ''
  const ticks = Math.max(0, ...ticksOf(plan).map(({ micros }) => micros))
  return ` WITHIN INTERVAL '${Math.ceil((plan.span + ticks) / 1_000_000) + 1}' SECOND(10)`
}
