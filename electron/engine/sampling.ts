import type { PayloadFormat } from '../../shared/model/source.ts'
import type { SampleRecord } from '../../shared/model/sample.ts'
import type { MappingGuess } from '../../shared/model/mapping.ts'
import { explainJson } from './decode/why-not-json.ts'
import type { Decoded } from './decode/record.ts'
import { guessMapping } from './mapping/guess.ts'
import type { RecordBatch } from './sources/record-batch.ts'

/** Decoded records of a source, how its payloads are best read, and the mapping guessed from them. */
export interface Sample {
  readonly format: PayloadFormat
  readonly records: SampleRecord[]
  readonly guess: MappingGuess
}

/**
 * Makes a sample of a batch that nothing has been stored of. The format is `text` where most payloads that carry no mark
 * of their own are not JSON.
 */
export async function makeSample(batch: RecordBatch, topic: string, decode: (format: PayloadFormat) => Promise<readonly Decoded[]>): Promise<Sample> {
  const asJson = toRecords(batch, await decode('json'))
  const plain = asJson.filter(({ decoder, dead }) => decoder === 'json' || dead?.reason === 'not_json' || dead?.reason === 'not_utf8')
  const format = plain.filter(({ dead }) => dead !== undefined).length > plain.length / 2 ? 'text' : 'json'
  const records = format === 'json' ? asJson : toRecords(batch, await decode('text'))
  const guess = guessMapping(
    records.flatMap((record) =>
      record.dead !== undefined
        ? []
        : [{ key: record.key ?? null, headers: record.headers.map(({ name, value }) => ({ name, value: value ?? null })), brokerTime: record.brokerTime, context: record.context === undefined ? null : (JSON.parse(record.context) as Record<string, unknown>), data: record.data === undefined ? null : (JSON.parse(record.data) as unknown) }],
    ),
    { topic },
  )
  return { format, records, guess }
}

function toRecords(batch: RecordBatch, decoded: readonly Decoded[]): SampleRecord[] {
  return decoded.map((made, index): SampleRecord => {
    const key = batch.keys[index]
    const value = batch.values[index]
    const record = {
      partition: batch.partitions[index] ?? 0,
      offset: batch.offsets[index] ?? 0n,
      brokerTime: Number(batch.brokerTimes[index] ?? 0n) / 1000,
      ...(key ? { key: key.toString('utf8') } : {}),
      headers: (batch.headers[index] ?? []).map((header) => ({ name: header.name, ...(header.value === null ? {} : { value: header.value.toString('utf8') }) })),
    }
    if (made.kind === 'dead') return { ...record, dead: { reason: made.reason, detail: made.detail } }
    const context = made.context === null ? {} : { context: made.context }
    if (made.data !== null) return { ...record, decoder: made.decoder, ...context, data: made.data }
    if (!value) return { ...record, decoder: made.decoder, ...context }
    return isJson(value) ? { ...record, decoder: made.decoder, ...context, data: value.toString('utf8') } : { ...record, dead: explainJson(value) }
  })
}

function isJson(value: Buffer): boolean {
  try {
    JSON.parse(value.toString('utf8'))
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
