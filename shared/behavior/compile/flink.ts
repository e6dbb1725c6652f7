import type { Behavior, TypeGlob } from '../syntax.ts'
import { patternsOf } from '../check.ts'
import { AppError } from '../../errors.ts'
import { all, Conditions } from './conditions.ts'
import { comment, flink } from './dialect.ts'
import { Fields, type CompileSource } from './fields.ts'
import { FlinkRead, typeName } from './flink-read.ts'
import { kafkaSink, kafkaSource, recordTable } from './flink-tables.ts'
import { cloudEvent } from './flink-sink.ts'
import { ticksOf, toMatchRecognize } from './match-recognize.ts'
import { Plan } from './plan.ts'
import { refusals } from './refuse.ts'

const { identifier, literal } = flink

/** A behavior as statements of Flink SQL, in the order in which they run. */
export interface FlinkJob {
  readonly settings: readonly string[]
  /** Tables of records; one for each source, and one more for each time at which an absence is known. */
  readonly tables: readonly string[]
  readonly views: readonly string[]
  readonly sink: string
  /** What is written into the sink, one row a match. */
  readonly select: string
  /** Where this plan and `undercurrent detect` differ in what they take for an event. */
  readonly notes: readonly string[]
  /** All of it, to be read and to be run. */
  readonly text: string
}

/** What may be replaced. */
export interface FlinkOptions {
  /** The options of a source table's connector: Kafka's where it is left out. */
  readonly connector?: (source: CompileSource, group: string) => readonly string[]
  /** Before all names, so that several behaviors go into one session. */
  readonly prefix?: string
}

/**
 * Compiles a behavior to Flink SQL: source tables out of the mappings, `MATCH_RECOGNIZE`, and a sink of CloudEvents. It gives
 * the matches that SEMANTICS.md defines, once the watermark has passed all that they hang on.
 *
 * @param text the file that the behavior stands in, for the places that refusals name
 * @throws AppError BAD_REQUEST naming the clause, with line and column, that Flink cannot say
 */
export function toFlink(text: string, behavior: Behavior, sources: readonly CompileSource[], { connector = kafkaSource, prefix = '' }: FlinkOptions = {}): FlinkJob {
  const refuse = refusals(text, flink.name)
  const { body } = behavior
  if (body.kind === 'population') throw refuse(body.baseSpan, 'cannot count different values over a window that begins anew with each match.', `Compile "${body.base}", and count its matches where they arrive.`)
  if (sources.length === 0) throw new AppError('BAD_REQUEST', 'This workspace has no source to read from.', { hint: 'Add one with `undercurrent tail`, `undercurrent import` or `undercurrent demo`.' })
  const fields = new Fields(sources)
  const plan = new Plan(body, behavior.nameSpan, fields, refuse)
  const stuck = plan.span === undefined ? plan.dependsOnLabels() : undefined
  if (stuck !== undefined) throw refuse(stuck, 'gives matches out in the order of their starts, and a start that waits for this holds back all behind it, perhaps for ever.', 'Bound the sequence with `within`.')
  const recognized = toMatchRecognize(plan)
  const ticks = ticksOf(plan)
  const reads = sources.map((source) => new FlinkRead(source))
  const conditions = new Conditions(plan, flink, () => 'e')
  const columns = [...fields.asked.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const keys = new Set(body.by.map(({ path }) => fields.find(path).name))
  const group = `undercurrent-${behavior.name.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase()}`

  const tables: string[] = []
  const selects: string[] = []
  const add = (index: number, read: FlinkRead, tick?: number, number = 0): void => {
    const { source } = read
    const name = `${prefix}records_${index + 1}${tick === undefined ? '' : `_after_${tick}us`}`
    const table = recordTable(name, read, tick ?? 0, connector(source, group))
    if (!tables.includes(table)) tables.push(table)
    const types = tick === undefined ? plan.types() : ticks.filter(({ micros }) => micros === tick).flatMap((one) => one.types)
    const inner = [
      '`ts`',
      `${read.time()} AS \`us\``,
      `${read.type()} AS \`type\``,
      `${read.context('source')} AS \`origin\``,
      `${read.context('sequence')} AS \`sequence\``,
      `${index + 1} AS \`source_no\``,
      `${literal(source.name)} AS \`source\``,
      `${literal(source.topic)} AS \`topic\``,
      '`partition`',
      '`offset`',
      ...columns.map((column) => `${read.column(column)} AS ${identifier(column.name)}`),
    ]
    // a tick is no event: it has a key and a moment, and nothing else
    const value = ({ name: column, type }: (typeof columns)[number]): string => (tick === undefined || keys.has(column) ? `e.${identifier(column)}` : `CAST(NULL AS ${typeName(type)}) AS ${identifier(column)}`)
    const outer = [
      'e.`ts`',
      tick === undefined ? 'e.`us`' : `e.\`us\` + ${tick} AS \`us\``,
      ...(ticks.length === 0 ? [] : [`${number} AS \`tick\``]),
      tick === undefined ? 'e.`type`' : "'' AS `type`",
      ...['origin', 'sequence', 'source_no', 'source', 'topic', 'partition', 'offset'].map((column) => `e.${identifier(column)}`),
      ...columns.map(value),
    ]
    const wanted = [
      'e.`us` IS NOT NULL',
      'e.`type` IS NOT NULL',
      ...[...keys].map((key) => `e.${identifier(key)} IS NOT NULL`),
      ...(types === undefined ? [] : [conditions.hasType(distinct(types), 'e')]),
    ]
    selects.push(`SELECT ${outer.join(', ')}
FROM (
  SELECT
    ${inner.join(',\n    ')}
  FROM ${identifier(name)}
) e
WHERE ${all(wanted)}`)
  }
  for (const [index, read] of reads.entries()) {
    add(index, read)
    for (const micros of new Set(ticks.map((one) => one.micros))) for (const number of [1, 2]) add(index, read, micros, number)
  }

  const settings = ["SET 'table.local-time-zone' = 'UTC'"]
  const views = [`CREATE TEMPORARY VIEW ${identifier(`${prefix}events`)} AS\n${selects.join('\nUNION ALL\n')}`]
  const event = cloudEvent(behavior.name, prefix, plan, recognized, kafkaSink(`${group}-matches`, sources.find(({ connection }) => connection !== undefined)?.connection))
  const notes = [...notesFor(plan, reads), ...(ticks.length === 0 ? [] : ['An absence is known once its time is over. Flink has no row for that moment, so every source is read again with its times moved: rows with a `tick`.'])]
  const head = [
    comment(`${JSON.stringify(behavior.name)} for Flink SQL 1.20 or newer, compiled by Undercurrent.`),
    ...notes.map(comment),
    ...plan.slots.map((slot, index) => comment(`S${index + 1}: ${slot.step.label ?? `step ${new Set(plan.slots.slice(0, index + 1).map(({ step }) => step)).size}`}, ${patternsOf(slot.step).flatMap(({ types }) => types.map(({ text: type }) => JSON.stringify(type))).join(', ')}`)),
  ]
  const insert = `INSERT INTO ${identifier(`${prefix}matches`)}\n${event.select}`
  const statements = [...settings, ...tables, ...views, event.table, insert]
  return { settings, tables, views, sink: event.table, select: event.select, notes, text: `${head.join('\n')}\n\n${statements.map((statement) => `${statement};`).join('\n\n')}\n` }
}

function distinct(types: readonly TypeGlob[]): readonly TypeGlob[] {
  return [...new Map(types.map((type) => [`${type.quoted}${type.text}`, type])).values()]
}

function notesFor(plan: Plan, reads: readonly FlinkRead[]): readonly string[] {
  return [
    'A match is written once the watermark has passed all that it hangs on. An event that is late by more than the watermark allows is dropped by Flink; Undercurrent decides anew.',
    'Records that are no JSON, and fields whose value is an object or a list, are null here; events without a type, a time or a key take part in nothing. Records without a value are left out. Texts are ordered by code points.',
    ...(reads.every(({ isCloudEvents }) => isCloudEvents) ? [] : ['Records are read as plain JSON where a mapping names no CloudEvents attribute.']),
    ...(reads.some(({ source }) => source.connection?.registry !== undefined) ? ['A schema registry is configured, and this reads JSON: records of Avro or Protobuf need its format instead of `raw`.'] : []),
    ...(plan.span === undefined ? ["Nothing bounds this sequence: its state grows with the number of keys. 'table.exec.state.ttl' would bound it, and lose matches that take longer."] : []),
  ]
}
