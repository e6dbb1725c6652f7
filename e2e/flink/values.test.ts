import { expect, it } from 'vitest'
import { FlinkRead } from '../../shared/behavior/compile/flink-read.ts'
import type { CompileSource } from '../../shared/behavior/compile/fields.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { flinkAvailability, runFlink } from './flink.ts'

/** What a mapping reads out of payloads, a row each: time and the attribute. Several tasks may share the rows, so they are put back into order. */
async function read(payloads: readonly string[], mapping: Partial<CompileSource['mapping']>): Promise<readonly string[]> {
  const source: CompileSource = { name: 'x', kind: 'kafka', topic: 'x', format: 'json', latenessMs: 0, mapping: { key: 'k', type: 't', time: 'at', timeFormat: 'iso', attributes: [], ...mapping } }
  const reader = new FlinkRead(source)
  const columns = [`COALESCE(CAST(${reader.time()} AS STRING), 'none')`, ...source.mapping.attributes.map(({ name, type }) => `COALESCE(CAST(${reader.column({ name: `a_${name}`, type })} AS STRING), 'none')`)]
  const values = payloads.map((payload, place) => `(${place}, CAST('${payload.replaceAll("'", "''")}' AS STRING))`)
  const job = ["SET 'table.local-time-zone' = 'UTC'", `SELECT \`place\`, ${columns.join(" || ' ' || ")} FROM (VALUES ${values.join(', ')}) AS v (\`place\`, \`payload\`)`]
  const [result] = await runFlink([job], 60_000)
  if (result === undefined || 'error' in result) throw new Error(result?.error)
  return (result.rows as readonly (readonly [place: string, text: string])[]).toSorted((a, b) => Number(a[0]) - Number(b[0])).map(([, text]) => text)
}

describeIf(await flinkAvailability(), 'values in Flink', () => {
  it('times with and without zones are read to the microsecond, and what is none is null', async () => {
    const times = ['2024-02-29T12:30:45.123456Z', '2024-02-29T12:30:45.1+02:00', '2024-02-29 12:30:45', '2024-02-29', '2050-01-01T00:00:00-0530', '1969-12-31T23:59:59.5Z', '2023-02-29T00:00:00Z', 'soon', '2024-01-01T25:00:00Z']
    expect(await read([...times.map((at) => JSON.stringify({ at })), 'no json'], {})).toEqual([
      ...['2024-02-29T12:30:45.123456Z', '2024-02-29T10:30:45.1Z', '2024-02-29T12:30:45Z', '2024-02-29T00:00:00Z', '2050-01-01T05:30:00Z', '1969-12-31T23:59:59.5Z'].map((at) => String(Date.parse(at) * 1000 + (at.includes('123456') ? 456 : 0))),
      'none', 'none', 'none', 'none',
    ])
  })

  it('numbers of an epoch, and attributes of odd names whose values do not fit', async () => {
    const attributes = [{ name: 'n', path: `"it's \\ [odd].$"[1]`, type: 'integer' as const }]
    const payload = (at: unknown, value: unknown): string => JSON.stringify({ at, "it's \\ [odd].$": [0, value] })
    expect(await read([payload(1700000000123, 7), payload('1700000000123', '8'), payload(1700000000.5, 2.5), payload('x', 'y')], { timeFormat: 'epoch_ms', attributes })).toEqual(['1700000000123000 7', '1700000000123000 8', '1700000000500 none', 'none none'])
  })
})
