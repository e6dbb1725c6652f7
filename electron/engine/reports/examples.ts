import type { Match, MatchStep } from '../../../shared/model/match.ts'
import { matchOfRow, type MatchRow } from '../../../shared/model/match-row.ts'
import type { Example } from '../../../shared/report/model.ts'
import { eventOrder } from '../store/compact.ts'
import { row, rows, type DuckDBConnection } from '../store/database.ts'
import { allEvents, prefixed } from '../store/read-events.ts'
import type { StoredSource } from '../store/sources.ts'

/** So many events before the first step and behind the last are shown, and so many of those between, beside the steps. */
const around = 3
const mostBetween = 12
const mostSteps = 40

type ShownEvent = Example['events'][number]

/** Some matches of a run, spread evenly over all of them in their order, each in the middle of what its user did. */
export async function readExamples(connection: DuckDBConnection, run: number, behavior: string, wanted: number, sources: readonly StoredSource[], isOfOneUser: boolean): Promise<Example[]> {
  const { n } = await row(connection, `SELECT count(*)::INTEGER AS n FROM matches WHERE run = ${run}`)
  const total = n as number
  const count = Math.min(wanted, total)
  const ranks = Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * total) / count))
  if (ranks.length === 0) return []
  // the order of SEMANTICS.md rule 29, made whole by the positions, which no two matches share
  const found = await rows(connection, `SELECT * FROM (SELECT key, epoch_us(until) AS until, epoch_us(start) AS start, epoch_us("end") AS "end", tied, steps, returns, row_number() OVER (ORDER BY "end", start, key, steps) - 1 AS rank FROM matches WHERE run = ${run}) WHERE rank IN (${ranks.join(', ')}) ORDER BY rank`)
  const examples: Example[] = []
  for (const one of found) examples.push(await toExample(connection, matchOfRow({ ...(one as unknown as MatchRow), behavior }), sources, isOfOneUser))
  return examples
}

async function toExample(connection: DuckDBConnection, { key, state, until, start, end, returns, steps }: Match, sources: readonly StoredSource[], isOfOneUser: boolean): Promise<Example> {
  const { events, between } = isOfOneUser ? await readAround(connection, steps, sources) : { events: [], between: steps.length }
  const at = new Map(events.map((event) => [placeOf(event), event]))
  const marked = new Map(steps.map((step) => [placeOf({ source: step.source, ...step.position }), step]))
  const shownSteps = steps.length <= mostSteps ? steps : [...steps.slice(0, mostSteps - 10), ...steps.slice(-10)]
  const missing = shownSteps.flatMap((step): readonly ShownEvent[] => (at.has(placeOf({ source: step.source, ...step.position })) ? [] : [{ time: step.time, type: step.type, source: step.source, ...step.position, late: false }]))
  const kept = new Set(shownSteps.map((step) => placeOf({ source: step.source, ...step.position })))
  const isOutside = ({ time }: ShownEvent): boolean => time < start || time > end
  const others = events.filter((event) => !isOutside(event) && !marked.has(placeOf(event)))
  // behind the first step and before the last one, where there are too many
  const listed = new Set(others.length <= mostBetween ? others : [...others.slice(0, mostBetween / 2), ...others.slice(-mostBetween / 2)])
  const shown = [...events, ...missing].filter((event) => kept.has(placeOf(event)) || isOutside(event) || listed.has(event))
  // stable: what has one time stays in the order of its sequence
  shown.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  const inside = shown.filter((event) => !isOutside(event)).length
  return {
    key,
    state,
    ...(until === undefined ? {} : { until }),
    start,
    end,
    returns,
    events: shown.map((event) => {
      const step = marked.get(placeOf(event))
      return step === undefined ? event : { ...event, label: step.label }
    }),
    leftOut: Math.max(0, between - inside),
  }
}

/** The events of a match's user from a little before its first step to a little behind its last, and how many lie from step to step. */
async function readAround(connection: DuckDBConnection, steps: readonly MatchStep[], sources: readonly StoredSource[]): Promise<{ readonly events: readonly ShownEvent[]; readonly between: number }> {
  const [first, last] = [steps[0], steps.at(-1)]
  const codes = new Map(sources.map(({ name, code }) => [name, code]))
  if (first === undefined || last === undefined) return { events: [], between: 0 }
  const at = ({ source, position }: MatchStep): string => `source = ${codes.get(source) ?? -1} AND partition = ${position.partition} AND "offset" = ${position.offset}`
  const [owner] = await rows(connection, `SELECT key FROM ${allEvents} WHERE ${at(first)} AND key IS NOT NULL`)
  if (owner === undefined) return { events: [], between: steps.length }
  const found = await rows(
    connection,
    `WITH own AS (SELECT e.time, e.type, e.source, e.partition, e."offset", e.late, row_number() OVER (ORDER BY ${prefixed(eventOrder)}) AS place FROM ${allEvents} e WHERE e.key = ${owner.key as number}),
       bounds AS (SELECT min(place) AS first, max(place) AS last FROM own WHERE (${at(first)}) OR (${at(last)})),
       near AS (SELECT own.*, last - first + 1 AS between, place - first AS step FROM own, bounds WHERE place BETWEEN first - ${around} AND last + ${around})
     SELECT epoch_us(time) AS time, t.type, s.name AS source, s.topic, near.partition, near."offset" AS "offset", late, between FROM near JOIN types t ON t.code = near.type JOIN sources s ON s.code = near.source
     WHERE step < 2000 OR between - step < 20 ORDER BY place`,
  )
  return {
    events: found.map((one) => ({ time: one.time as bigint, type: one.type as string, source: one.source as string, topic: one.topic as string, partition: one.partition as number, offset: one.offset as bigint, late: one.late as boolean })),
    between: Number(found[0]?.between ?? 0),
  }
}

function placeOf({ source, partition, offset }: { readonly source: string; readonly partition: number; readonly offset: bigint }): string {
  return `${source}/${partition}@${offset}`
}
