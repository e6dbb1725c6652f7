import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, event, simpleMapping, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { CallOutput } from '../../../shared/contract/calls.ts'
import { EventDetail } from '../../../shared/model/event.ts'
import { readEvent, readRelated } from './read-event.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
let source: StoredSource

beforeEach(async () => {
  workspace = await TestStore.open()
  source = await workspace.addSource({ mapping: { ...simpleMapping, attributes: [{ name: 'Price', path: 'price', type: 'number' }, { name: 'ok', path: 'ok', type: 'boolean' }, { name: 'when', path: 'at', type: 'time' }, { name: 'count', path: 'count', type: 'integer' }] } })
})
afterEach(() => workspace.remove())

const at = '2026-01-01T12:00:00.123456Z'
const atUs = 1_767_268_800_123_456n
const position = (offset: number, partition = 0, topic = 'shop'): { topic: string; partition: number; offset: bigint } => ({ topic, partition, offset: BigInt(offset) })
const get = (offset: number, partition = 0, from = source): Promise<CallOutput<'event.get'>> => workspace.store.database.read((connection) => readEvent(connection, from, position(offset, partition)))
const cloudEvent = (offset: number, context: Record<string, string>, rest: Partial<TestRecord> = {}): TestRecord => ({ offset, value: '{}', decoded: event('cloudevents-binary', { context: JSON.stringify({ specversion: '1.0', type: 't', source: '/s', time: at, ...context }) }), ...rest })

describe('one event', () => {
  it('is whole: bytes as they came, fields, attributes with their types', async () => {
    const payload = Buffer.from(`{ "type":"view", "at":"${at}", "user":"ann", "price": 2.10, "ok": true, "count": 9007199254740993 }`)
    const headers = [{ name: 'traceparent', value: Buffer.from('00-a') }, { name: 'n', value: null }, { name: 'b', value: Buffer.from([0xff]) }]
    await workspace.put(source, [{ partition: 2, offset: 5, key: Buffer.from([0xff]), value: payload, headers }])
    for (const settled of [false, true]) {
      if (settled) await workspace.store.settle()
      const found = await get(5, 2)
      expect(found).toEqual({
        source: 'shop', position: position(5, 2), time: atUs, brokerTime: BigInt(brokerTime), ingestedAt: expect.any(BigInt) as bigint, key: 'ann', type: 'view', decoder: 'json', late: false,
        traceparent: '00-a', data: payload.toString(),
        attributes: [
          { name: 'Price', type: 'number', path: 'price', value: 2.1 },
          { name: 'ok', type: 'boolean', path: 'ok', value: true },
          { name: 'when', type: 'time', path: 'at', value: atUs },
          { name: 'count', type: 'integer', path: 'count', value: 9007199254740993n },
        ],
        raw: { key: new Uint8Array([0xff]), payload: new Uint8Array(payload), headers: [{ name: 'traceparent', value: new Uint8Array(Buffer.from('00-a')) }, { name: 'n' }, { name: 'b', value: new Uint8Array([0xff]) }] },
      })
      expect(EventDetail.parse(found)).toEqual(found)
    }
  })

  it('has what CloudEvents gives it, and the data beside the raw payload', async () => {
    const context = { id: 'e', subject: 'cart/7', sequence: '2', correlationid: 'c', causationid: 'd', traceparent: '00-t', dataschema: 's', region: 'eu' }
    await workspace.put(source, [cloudEvent(0, context, { value: Buffer.from([0, 1]), decoded: event('avro', { context: JSON.stringify({ type: 't', source: '/s', time: at, ...context }), data: '{"user":"ann"}', schema: 9 }) })])
    const found = await get(0)
    expect(found).toMatchObject({ decoder: 'avro', schema: 9, key: 'ann', type: 't', time: atUs, origin: '/s', data: '{"user":"ann"}', raw: { payload: new Uint8Array([0, 1]) } })
    const { region, ...columns } = context
    expect(found).toMatchObject(columns)
    expect(JSON.parse(found.context ?? '{}')).toMatchObject({ region })
    expect(found.attributes.map(({ value }) => value)).toEqual([null, null, null, null])
    expect(EventDetail.parse(found)).toEqual(found)
  })

  it('without key, headers and payload has none of these', async () => {
    await workspace.put(source, [{ offset: 0, value: null }])
    const found = await get(0)
    expect(found).toMatchObject({ decoder: 'tombstone', type: 'tombstone', time: BigInt(brokerTime), raw: { headers: [] } })
    expect([Object.keys(found).filter((name) => ['key', 'data', 'schema', 'context', 'id'].includes(name)), Object.keys(found.raw)]).toEqual([[], ['headers']])
  })

  it('is told apart from the one at the same place of another source and partition', async () => {
    const other = await workspace.addSource({ name: 'other' })
    const record = (user: string, partition: number): TestRecord => ({ partition, offset: 1, value: { type: 't', at, user } })
    await workspace.put(source, [record('a', 0), record('b', 1)])
    await workspace.put(other, [record('c', 0)])
    expect([(await get(1, 0)).key, (await get(1, 1)).key, (await get(1, 0, other)).key]).toEqual(['a', 'b', 'c'])
  })

  it('that is not there is not found', async () => {
    await workspace.put(source, [{ offset: 0, value: 'a dead letter' }])
    for (const [offset, partition] of [[0, 0], [1, 0], [0, 1]]) await expect(get(offset ?? 0, partition)).rejects.toMatchObject({ code: 'NOT_FOUND', message: `There is no event at shop/${partition}@${offset}.` })
  })
})

describe('related events', () => {
  const related = async (offset: number, limit = 100, from = source): Promise<(readonly [string, string, bigint])[]> =>
    (await workspace.store.database.read((connection) => readRelated(connection, from, position(offset), limit))).map((row) => [row.relation, row.source, row.position.offset] as const)

  it('are the cause, the effects and those of the same correlation, oldest first, from every source', async () => {
    const other = await workspace.addSource({ name: 'other' })
    const minute = (number: number): string => `2026-01-01T12:${String(number).padStart(2, '0')}:00Z`
    await workspace.put(source, [
      cloudEvent(0, { id: 'root', correlationid: 'c', time: minute(0) }),
      cloudEvent(1, { id: 'middle', causationid: 'root', correlationid: 'c', time: minute(3) }),
      cloudEvent(2, { id: 'leaf', causationid: 'middle', time: minute(2) }),
      cloudEvent(3, { id: 'stranger', time: minute(1) }),
      { offset: 4, value: { type: 't', at, user: 'u' } },
    ])
    await workspace.store.settle()
    await workspace.put(other, [cloudEvent(7, { id: 'far', causationid: 'middle', correlationid: 'c', time: minute(1) })])
    expect(await related(1)).toEqual([['cause', 'shop', 0n], ['effect', 'other', 7n], ['effect', 'shop', 2n]])
    expect(await related(0)).toEqual([['correlated', 'other', 7n], ['effect', 'shop', 1n]])
    expect(await related(1, 2)).toEqual([['cause', 'shop', 0n], ['effect', 'other', 7n]])
    expect(await related(3)).toEqual([])
    expect(await related(4)).toEqual([])
    expect(await related(99)).toEqual([])
  })
})
