import type { PartitionReport, Report, SourceReport } from '../../../shared/report/model.ts'
import { identifier, literal, row, rows, type DuckDBConnection } from '../store/database.ts'
import { loadPartitions } from '../store/partitions.ts'
import { allEvents, loadAttributes } from '../store/read-events.ts'
import type { StoredSource } from '../store/sources.ts'

/** Offsets that are looked at, where it is not all that were read: by the code of the source and the partition. */
export type Ranges = (source: number, partition: number) => PartitionReport['ranges'] | undefined

/** What a moment's events are, counted from the events themselves, so that a change of any of them shows. */
export async function readData(connection: DuckDBConnection, sources: readonly StoredSource[], watermark: number, rangesOf?: Ranges): Promise<Report['data']> {
  const totals = await row(
    connection,
    `SELECT count(*)::DOUBLE AS events, count(DISTINCT key)::DOUBLE AS users, (count(*) - count(key))::DOUBLE AS keyless, count(DISTINCT type)::DOUBLE AS types, count(*) FILTER (late)::DOUBLE AS late,
       epoch_us(min(time)) AS first, epoch_us(max(time)) AS last, (SELECT count(*)::DOUBLE FROM dead_letters) AS dead, (SELECT coalesce(sum(events), 0)::DOUBLE FROM retentions) AS removed FROM ${allEvents}`,
  )
  const [first, last] = [totals.first as bigint | null, totals.last as bigint | null]
  const counted = await countPartitions(connection)
  return {
    events: totals.events as number,
    users: totals.users as number,
    withoutKey: totals.keyless as number,
    types: totals.types as number,
    deadLetters: totals.dead as number,
    late: totals.late as number,
    ...(first === null ? {} : { first }),
    ...(last === null ? {} : { last }),
    ...(Number.isFinite(watermark) ? { watermark: BigInt(watermark) } : {}),
    removed: totals.removed as number,
    sources: await Promise.all(sources.map((source) => readSource(connection, source, counted, rangesOf))),
  }
}

/** What the events of a partition come to. */
type Counted = Pick<PartitionReport, 'events' | 'late' | 'first' | 'last' | 'checksum'>

const nothing: Counted = { events: 0, late: 0, checksum: '0' }

/** By source and partition. Sums do not depend on the order of the events, and notice an event that is there twice. */
async function countPartitions(connection: DuckDBConnection): Promise<ReadonlyMap<string, Counted>> {
  // values are told apart by their names, and what an event does not have adds nothing: a column that comes later changes no sum
  const attributes = (await loadAttributes(connection)).map(({ column }) => `${literal(`${column}=`)} || e.${identifier(column)}::VARCHAR`).sort()
  // a file has no broker: its rows have the time at which they were read, which is another one wherever it is read again
  const parts = [`e."offset"`, 'epoch_us(e.time)', `CASE WHEN s.kind <> 'file' THEN epoch_us(e.broker_time) END`, `'t=' || t.type`, `'k=' || k.key`, `'i=' || e.id`, `'h=' || e.headers`, `'b=' || md5(e.record_key)`, `'p=' || md5(e.payload)`, ...attributes]
  const found = await rows(
    connection,
    `SELECT e.source, e.partition, count(*)::DOUBLE AS events, count(*) FILTER (e.late)::DOUBLE AS late, epoch_us(min(e.time)) AS first, epoch_us(max(e.time)) AS last,
       sum(md5_number_lower(concat_ws(chr(31), ${parts.join(', ')}))::HUGEINT)::VARCHAR AS checksum
     FROM ${allEvents} e LEFT JOIN keys k ON k.code = e.key LEFT JOIN types t ON t.code = e.type LEFT JOIN sources s ON s.code = e.source GROUP BY e.source, e.partition`,
  )
  return new Map(found.map((one) => [`${one.source as number}/${one.partition as number}`, { events: one.events as number, late: one.late as number, first: one.first as bigint, last: one.last as bigint, checksum: one.checksum as string }]))
}

async function readSource(connection: DuckDBConnection, source: StoredSource, counted: ReadonlyMap<string, Counted>, rangesOf?: Ranges): Promise<SourceReport> {
  const { code, name, kind, topic, connection: cluster, format, mapping, latenessMs } = source
  const dead = await rows(connection, `SELECT partition, reason, count(*)::INTEGER AS n FROM dead_letters WHERE source = ${code} GROUP BY ALL ORDER BY n DESC, reason`)
  const imports = await rows(connection, `SELECT partition, file, sha256, bytes FROM imports WHERE source = ${code}`)
  const gaps = await rows(connection, `SELECT partition, first_offset, next_offset, reason FROM gaps WHERE source = ${code} ORDER BY partition, first_offset`)
  const reasons = new Map<string, number>()
  for (const { reason, n } of dead) reasons.set(reason as string, (reasons.get(reason as string) ?? 0) + (n as number))
  const partitions = [...(await loadPartitions(connection, code))].sort(([a], [b]) => a - b).flatMap(([partition, state]): readonly PartitionReport[] => {
    const ranges = rangesOf === undefined ? state.ranges : rangesOf(code, partition)
    if (ranges === undefined) return []
    const file = imports.find((one) => one.partition === partition)
    return [
      {
        partition,
        ranges: [...ranges],
        ...(counted.get(`${code}/${partition}`) ?? nothing),
        deadLetters: dead.reduce((sum, one) => sum + (one.partition === partition ? (one.n as number) : 0), 0),
        ...(file === undefined ? {} : { file: { name: nameOf(file.file as string), sha256: file.sha256 as string, bytes: Number(file.bytes) } }),
      },
    ]
  })
  return {
    name,
    kind,
    topic,
    brokers: [...(cluster?.brokers ?? [])],
    format,
    mapping,
    latenessMs,
    partitions,
    gaps: gaps.map((gap) => ({ partition: gap.partition as number, first: gap.first_offset as bigint, next: gap.next_offset as bigint, reason: gap.reason as string })),
    deadReasons: [...reasons].map(([reason, letters]) => ({ reason, letters })),
  }
}

/** The folders of the machine that imported a file are nobody's business. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
