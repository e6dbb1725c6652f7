import { toFlink } from '../../shared/behavior/compile/flink.ts'
import type { CompileSource } from '../../shared/behavior/compile/fields.ts'
import type { Behavior } from '../../shared/behavior/syntax.ts'

/** A match as Flink found it: the key and the offsets of its events in order. */
export interface FoundMatch {
  readonly key: readonly string[]
  readonly offsets: readonly number[]
  readonly returns: readonly unknown[]
}

/**
 * The statements that run a compiled behavior over a file of one JSON object a line instead of a topic; everything else is
 * as compiled. The file has the key, partition and
 * offset of each record in `_key`, `_partition` and `_offset`.
 */
export function fileJob(text: string, behavior: Behavior, source: CompileSource, path: string): readonly string[] {
  const connector = (): readonly string[] => ["  'connector' = 'filesystem',", `  'path' = '${path}',`, "  'format' = 'raw'"]
  const { settings, tables, views, select } = toFlink(text, behavior, [source], { connector })
  return [...settings, ...tables.map(fromFile), ...views, select]
}

/** What only Kafka's records have is taken from the payload. */
function fromFile(table: string): string {
  return table
    .replace('`record_key` STRING', "`record_key` AS JSON_VALUE(`payload`, '$._key')")
    .replace('`headers` MAP<STRING, BYTES> METADATA VIRTUAL', '`headers` AS CAST(NULL AS MAP<STRING, BYTES>)')
    .replace('`partition` INT METADATA VIRTUAL', "`partition` AS CAST(JSON_VALUE(`payload`, '$._partition') AS INT)")
    .replace('`offset` BIGINT METADATA VIRTUAL', "`offset` AS CAST(JSON_VALUE(`payload`, '$._offset') AS BIGINT)")
    .replace("`broker_time` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL", '`broker_time` AS CAST(NULL AS TIMESTAMP_LTZ(3))')
}

type StepRow = readonly [label: string, type: string, time: string, source: string, topic: string, partition: number, offset: number]
type MoreRow = readonly [us: number, type: string, source: string, topic: string, partition: number, offset: number] | null

/** What is in the CloudEvents that Flink wrote. */
export function readMatches(rows: readonly unknown[], behavior: Behavior): readonly FoundMatch[] {
  if (behavior.body.kind !== 'sequence') throw new Error('a population has no job')
  const { by, returns } = behavior.body
  const last = behavior.body.clauses.findLast((clause) => clause.kind === 'step')
  const isOpen = last !== undefined && last.pattern.kind !== 'any order' && last.times.min !== last.times.max
  return rows.map((row) => {
    const data = (row as readonly unknown[])[7] as readonly unknown[]
    const key = data[1] as Readonly<Record<string, string>>
    const steps = data[5] as readonly StepRow[]
    const more = isOpen ? (data[6] as readonly MoreRow[]).filter((one) => one !== null) : []
    return { key: by.map(({ path }) => key[path] ?? ''), offsets: [...steps.map((step) => step[6]), ...more.map((one) => one[5])], returns: returns.length === 0 ? [] : (data.at(-1) as readonly unknown[]) }
  })
}
