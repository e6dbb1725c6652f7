import { stepName } from '../match/bind.ts'
import { Conditions } from './conditions.ts'
import { flink } from './dialect.ts'
import type { Plan } from './plan.ts'
import type { Recognized } from './match-recognize.ts'

const { identifier, literal } = flink

const stepRow = 'ROW<`label` STRING, `type` STRING, `time` STRING, `source` STRING, `topic` STRING, `partition` INT, `offset` BIGINT>'

/** The table of matches, each a structured CloudEvent, and the query that fills it. The same match has the same id in every run. */
export function cloudEvent(name: string, prefix: string, plan: Plan, recognized: Recognized, connector: readonly string[]): { readonly table: string; readonly select: string } {
  const { slots } = plan
  const conditions = new Conditions(plan, flink, (slot) => `S${slot + 1}`)
  const sqlTypes = { text: 'STRING', number: 'DOUBLE', boolean: 'BOOLEAN', null: 'BOOLEAN' }
  const returns = plan.body.returns.map(({ expression, name: value }, index) => ({ name: value, column: recognized.returns[index]?.column ?? '', type: sqlTypes[conditions.value(expression).kind] }))
  const steps = plan.body.clauses.filter((clause) => clause.kind === 'step')
  const label = (slot: number): string => {
    const step = slots[slot]?.step
    const index = steps.findIndex((one) => one === step)
    return step === undefined ? '' : stepName(step, index)
  }
  const last = slots.length - 1
  // rows are made of plain columns: Flink takes no calculation inside of a nested ROW
  const stepColumns = slots.flatMap((_, slot) => [`CAST(${literal(label(slot))} AS STRING) AS ${identifier(`e${slot + 1}_label`)}`, `${isoTime(`m.${identifier(`e${slot + 1}_us`)}`)} AS ${identifier(`e${slot + 1}_time`)}`])
  const bound = slots.map((_, slot) => `ROW(${['label', 'type', 'time', 'source', 'topic', 'partition', 'offset'].map((column) => `m.${identifier(`e${slot + 1}_${column}`)}`).join(', ')})`)
  const end = recognized.more ? 'm.`end_time`' : `m.${identifier(`e${last + 1}_time`)}`
  const dataType = [
    '`behavior` STRING',
    '`key` MAP<STRING, STRING>',
    '`state` STRING',
    '`start` STRING',
    '`end` STRING',
    `\`steps\` ARRAY<${stepRow}>`,
    ...(recognized.more ? ['`more` ARRAY<ROW<`us` BIGINT, `type` STRING, `source` STRING, `topic` STRING, `partition` INT, `offset` BIGINT>>'] : []),
    ...(returns.length === 0 ? [] : [`\`returns\` ROW<${returns.map((one) => `${identifier(one.name)} ${one.type}`).join(', ')}>`]),
  ].join(', ')
  const data = [
    'm.`behavior`',
    'm.`keys`',
    'm.`state`',
    'm.`e1_time`',
    end,
    `ARRAY[${bound.join(', ')}]`,
    ...(recognized.more ? ['m.`more`'] : []),
    ...(returns.length === 0 ? [] : [`ROW(${returns.map((one) => `m.${identifier(one.column)}`).join(', ')})`]),
  ]
  const keys = recognized.keys.map(({ path, column }) => `CAST(${literal(path)} AS STRING), CAST(m.${identifier(column)} AS STRING)`)
  const identity = slots.flatMap((_, slot) => ['source', 'partition', 'offset'].map((column) => `CAST(m.${identifier(`e${slot + 1}_${column}`)} AS STRING)`))
  return {
    table: `CREATE TABLE ${identifier(`${prefix}matches`)} (
  \`specversion\` STRING,
  \`id\` STRING,
  \`source\` STRING,
  \`type\` STRING,
  \`subject\` STRING,
  \`time\` STRING,
  \`datacontenttype\` STRING,
  \`data\` ROW<${dataType}>,
  \`headers\` MAP<STRING, BYTES> METADATA
) WITH (
${connector.join('\n')}
)`,
    select: `SELECT
  '1.0' AS \`specversion\`,
  m.\`id\`,
  '/undercurrent' AS \`source\`,
  'undercurrent.behavior.matched' AS \`type\`,
  m.\`subject\`,
  ${end} AS \`time\`,
  'application/json' AS \`datacontenttype\`,
  ROW(${data.join(', ')}) AS \`data\`,
  MAP['content-type', ENCODE('application/cloudevents+json; charset=UTF-8', 'UTF-8')] AS \`headers\`
FROM (
SELECT
  m.*,
  CAST(${literal(name)} AS STRING) AS \`behavior\`,
  MAP[${keys.join(', ')}] AS \`keys\`,
  CAST('confirmed' AS STRING) AS \`state\`,
  CAST(m.${identifier(recognized.keys[0]?.column ?? '')} AS STRING) AS \`subject\`,
  MD5(CONCAT_WS('/', ${[literal(name), ...identity].join(', ')})) AS \`id\`,
  ${[...stepColumns, ...(recognized.more ? [`${isoTime(`COALESCE(m.\`more_us\`, m.${identifier(`e${last + 1}_us`)})`)} AS \`end_time\``] : [])].join(',\n  ')}
FROM ${identifier(`${prefix}events`)}
${recognized.sql} AS m
) m`,
  }
}

/** Microseconds as ISO 8601 in UTC. */
function isoTime(micros: string): string {
  return `DATE_FORMAT(TO_TIMESTAMP_LTZ(${micros} / 1000, 3), 'yyyy-MM-dd''T''HH:mm:ss.SSS') || LPAD(CAST(MOD(${micros}, 1000) AS STRING), 3, '0') || 'Z'`
}
