import type { CallInput, CallOutput } from '../../../shared/contract/calls.ts'
import { DeadReason, waitingReasons } from '../../../shared/model/decoder.ts'
import { rows, row, type DuckDBConnection } from './database.ts'
import { rawHeaders } from './read-event.ts'

/** Dead letters, newest first. */
export async function listDeadLetters(connection: DuckDBConnection, query: CallInput<'deadLetters.list'>): Promise<CallOutput<'deadLetters.list'>> {
  const where = 'WHERE ($1 IS NULL OR s.name = $1) AND ($2 IS NULL OR d.reason = $2)'
  const values = [query.source ?? null, query.reason ?? null]
  const { n } = await row(connection, `SELECT count(*) AS n FROM dead_letters d JOIN sources s ON s.code = d.source ${where}`, values)
  const found = await rows(
    connection,
    `SELECT s.name AS source, s.topic, d.partition, d."offset", epoch_us(d.broker_time) AS broker_us, epoch_us(d.ingested_at) AS ingested_us,
       d.reason, d.detail, d.schema, d.record_key, d.headers, d.payload
     FROM dead_letters d JOIN sources s ON s.code = d.source ${where}
     ORDER BY d.broker_time DESC, d.source, d.partition, d."offset" DESC LIMIT ${query.limit} OFFSET ${query.offset}`,
    values,
  )
  const letters = found.map((letter) => {
    const reason = DeadReason.parse(letter.reason)
    return {
      source: letter.source as string,
      position: { topic: letter.topic as string, partition: letter.partition as number, offset: letter.offset as bigint },
      brokerTime: letter.broker_us as bigint,
      ingestedAt: letter.ingested_us as bigint,
      reason,
      detail: letter.detail as string,
      waiting: waitingReasons.includes(reason),
      ...(letter.schema === null ? {} : { schema: letter.schema as number }),
      ...(letter.record_key === null ? {} : { key: new Uint8Array(letter.record_key as Uint8Array) }),
      headers: rawHeaders((letter.headers as string | null) ?? undefined),
      ...(letter.payload === null ? {} : { payload: new Uint8Array(letter.payload as Uint8Array) }),
    }
  })
  return { letters, total: Number(n) }
}

/** How many dead letters there are by source and reason, most first. */
export async function summarizeDeadLetters(connection: DuckDBConnection): Promise<CallOutput<'deadLetters.summary'>> {
  const found = await rows(
    connection,
    `SELECT s.name AS source, d.reason, count(*) AS n, epoch_us(min(d.broker_time)) AS first, epoch_us(max(d.broker_time)) AS last
     FROM dead_letters d JOIN sources s ON s.code = d.source GROUP BY ALL ORDER BY n DESC, source, reason`,
  )
  return found.map((letter) => {
    const reason = DeadReason.parse(letter.reason)
    return { source: letter.source as string, reason, waiting: waitingReasons.includes(reason), count: Number(letter.n), first: letter.first as bigint, last: letter.last as bigint }
  })
}
