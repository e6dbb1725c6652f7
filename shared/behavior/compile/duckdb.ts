import type { Behavior } from '../syntax.ts'
import { AppError } from '../../errors.ts'
import { all, Conditions } from './conditions.ts'
import { comment, duckdb } from './dialect.ts'
import { Fields, type CompileSource, type EventColumn } from './fields.ts'
import { proof } from './match-recognize.ts'
import { Plan } from './plan.ts'
import { refusals } from './refuse.ts'

const { identifier } = duckdb

/** A behavior as one query. */
export interface DuckdbQuery {
  /** What `happened` has besides the columns that it always has. */
  readonly columns: readonly EventColumn[]
  readonly text: string
}

/**
 * Compiles a behavior to a query over a workspace's database: each step a join that takes the least position that fits,
 * absences as what does not exist, and the search behind each match as a recursion. It gives all matches, those that are
 * still pending among them, ordered as SEMANTICS.md rule 29 says.
 *
 * @param happened the events, in SQL: the tables of the workspace where it is left out
 * @throws AppError BAD_REQUEST naming the clause that this query cannot say
 */
export function toDuckdb(text: string, behavior: Behavior, sources: readonly CompileSource[], happened?: string): DuckdbQuery {
  const refuse = refusals(text, 'this query')
  const { body } = behavior
  if (body.kind === 'population') throw refuse(body.baseSpan, 'cannot count different values over a window that begins anew with each match.')
  if (sources.length === 0) throw new AppError('BAD_REQUEST', 'This workspace has no source to read from.', { hint: 'Add one with `undercurrent tail`, `undercurrent import` or `undercurrent demo`.' })
  const fields = new Fields(sources)
  const plan = new Plan(body, behavior.nameSpan, fields, refuse)
  const conditions = new Conditions(plan, duckdb, (slot) => `x${slot + 1}`)
  const keys = body.by.map(({ path }) => fields.find(path).name)
  const { slots, openRun } = plan
  const last = slots.length - 1
  const same = (left: string, right: string): string => `${left}.seq = ${right}.seq AND ${left}.session = ${right}.session`
  const bound = (count: number): string => Array.from({ length: count }, (_, slot) => `JOIN numbered x${slot + 1} ON x${slot + 1}.seq = c.seq AND x${slot + 1}.pos = c.p${slot + 1}`).join('\n  ')

  const steps = slots.map((slot, index) => {
    const fits = conditions.fits(index, 'e')
    if (index === 0) return `c1 AS (\n  SELECT e.seq, e.session, e.pos AS p1 FROM numbered e WHERE ${fits}\n)`
    const place = slot.step.contiguity === 'next' ? `e.pos = c.p${index} + 1` : `e.pos > c.p${index}`
    return `c${index + 1} AS (
  SELECT c.*, min(e.pos) AS p${index + 1}
  FROM c${index} c
  ${bound(index)}
  JOIN numbered e ON ${same('e', 'c')} AND ${place} AND ${fits}
  GROUP BY ALL
)`
  })
  const run = openRun === undefined ? 'NULL' : `(SELECT list(e.pos ORDER BY e.pos) FROM numbered e WHERE ${same('e', 'c')} AND e.pos > c.p${last + 1} AND ${all([...openRun.bounds.map(({ anchor, micros }) => conditions.notLater('e', anchor, micros)), conditions.fitsRun('e')])})`
  const ended = `c.p${last + 1}`
  const forbidden = [
    ...plan.regions.map(({ pattern, from, to, bound: until }) => all([`e.pos > c.p${from + 1}`, to === undefined ? undefined : `e.pos < c.p${to + 1}`, until === undefined ? undefined : conditions.notLater('e', until.anchor, until.micros), conditions.matches(pattern, 'e')])),
    ...plan.untils.map((pattern) => {
      const ends = plan.regions.flatMap(({ bound: until }) => (until === undefined ? [] : [conditions.notLater('e', until.anchor, until.micros)]))
      return all([`e.pos > c.p1 AND e.pos <> ${ended}`, `(${[`e.pos < ${ended}`, ...ends].join(' OR ')})`, conditions.matches(pattern, 'e')])
    }),
  ].map((found) => `NOT EXISTS (SELECT 1 FROM numbered e WHERE ${same('e', 'c')} AND ${found})`)
  const types = plan.types()
  const order = ['us', 'origin', 'sequence', 'source_no', 'partition', 'offset'].map((name) => `${identifier(name)} NULLS FIRST`).join(', ')
  const cut = body.session === undefined ? '0' : `sum(CASE WHEN us - before > ${body.session.micros} THEN 1 ELSE 0 END) OVER (PARTITION BY seq ORDER BY pos ROWS UNBOUNDED PRECEDING)`
  const by = keys.map((name) => `e.${identifier(name)}`).join(', ')
  const chosen = body.skip === 'overlap' ? 'SELECT * FROM complete' : `SELECT c.* FROM complete c JOIN taken t ON ${same('c', 't')} AND c.p1 = t.p1`
  const returns = body.returns.map(({ expression, name }) => `${conditions.value(expression).sql} AS ${identifier(`return ${name}`)}`)
  const event = (alias: string): string => `{${proof.map((name) => `${identifier(name)}: ${alias}.${identifier(name)}`).join(', ')}}`
  const columns = [...fields.asked.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const query = `WITH RECURSIVE happened AS (
${happened ?? storedEvents(columns)}
), ordered AS (
  SELECT e.*, dense_rank() OVER (ORDER BY ${by}) AS seq,
    row_number() OVER (PARTITION BY ${by} ORDER BY ${order}) AS pos, lag(us) OVER (PARTITION BY ${by} ORDER BY ${order}) AS before
  FROM happened e
  WHERE ${all([...keys.map((name) => `e.${identifier(name)} IS NOT NULL`), ...(types === undefined ? [] : [conditions.hasType(types, 'e')])])}
), numbered AS MATERIALIZED (
  SELECT *, ${cut} AS session FROM ordered
), ${steps.join(', ')}, complete AS MATERIALIZED (
  SELECT c.*, more, coalesce(list_max(more), ${ended}) AS ended
  FROM (
    SELECT c.*, ${run} AS more
    FROM c${slots.length} c
    ${bound(slots.length)}
    ${forbidden.length === 0 ? '' : `WHERE ${forbidden.join('\n      AND ')}`}
  ) c
), taken AS (
  -- the search goes on behind the last event of each match
  SELECT seq, session, min(p1) AS p1, arg_min(ended, p1) AS ended FROM complete GROUP BY seq, session
  UNION ALL
  SELECT c.seq, c.session, min(c.p1), arg_min(c.ended, c.p1) FROM taken t JOIN complete c ON ${same('c', 't')} AND c.p1 > t.ended GROUP BY c.seq, c.session
), chosen AS (
  ${chosen}
)
SELECT ${[
    ...body.by.map(({ path }, index) => `x1.${identifier(keys[index] ?? '')} AS ${identifier(path)}`),
    `list_concat([${slots.map((_, slot) => event(`x${slot + 1}`)).join(', ')}], ${openRun === undefined ? '[]' : `coalesce((SELECT list(${event('e')} ORDER BY e.pos) FROM numbered e WHERE e.seq = c.seq AND list_contains(c.more, e.pos)), [])`}) AS events`,
    ...returns,
  ].join(',\n  ')}
FROM chosen c
  ${bound(slots.length)}
ORDER BY (SELECT us FROM numbered e WHERE e.seq = c.seq AND e.pos = c.ended), x1.us, ${body.by.map((_, index) => index + 1).join(', ')}`
  return { columns, text: `${comment(`${JSON.stringify(behavior.name)} for DuckDB, compiled by Undercurrent. Matches whose time of absence is not over yet are among these.`)}\n${query};\n` }
}

/** The events of a workspace's database. */
function storedEvents(columns: readonly EventColumn[]): string {
  const value = ({ name, type }: EventColumn): string => (name === 'key' ? 'k.key' : type === 'time' ? `epoch_us(e.${identifier(name)})` : `e.${identifier(name)}`)
  return `  SELECT epoch_us(e.time) AS us, t.type, e.origin, e.sequence, e.source AS source_no, s.name AS source, s.topic, e.partition, e."offset"${columns.map((column) => `, ${value(column)} AS ${identifier(column.name)}`).join('')}
  FROM (FROM events UNION ALL BY NAME FROM recent) e JOIN types t ON t.code = e.type JOIN sources s ON s.code = e.source LEFT JOIN keys k ON k.code = e.key`
}
