import type { RecordDecoder } from '../decode/decode.ts'
import type { Decoded } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'

/** Decodes the records of a batch; a row that its source could not read is a dead letter with the source's reason. */
export async function decodeBatch(decoder: RecordDecoder, batch: RecordBatch, signal: AbortSignal): Promise<readonly Decoded[]> {
  const decoded = await decoder.decodeBatch(batch, signal)
  if (batch.problems.size === 0) return decoded
  return decoded.map((made, row) => {
    const problem = batch.problems.get(row)
    return problem === undefined ? made : { kind: 'dead', reason: 'bad_row', detail: problem, schema: null }
  })
}
