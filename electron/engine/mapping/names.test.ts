import { expect, it } from 'vitest'
import { parseFieldPath, type FieldPath } from '../../../shared/model/field-path.ts'
import { isEventId, saysCode, saysFraction, saysWhat, saysWhen, saysWho, wordsOf } from './names.ts'

function path(text: string): FieldPath {
  const parsed = parseFieldPath(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

it.each([
  ['userId', 'user id'],
  ['user_pseudo_id', 'user pseudo id'],
  ['user.profileURL', 'user profile url'],
  ['HTTPStatus', 'http status'],
  ['"@timestamp"', 'timestamp'],
  ['$headers.x-user', 'x user'],
  ['items[0].sku', 'items sku'],
])('finds the words of %s', (text, words) => {
  expect(wordsOf(path(text))).toBe(words)
})

it.each(['user_id', 'userId', 'userid', 'user', 'uid', 'user.id', 'context.customer.id', 'customerNumber', 'domain_userid', 'user_pseudo_id', 'anonymousId', 'distinct_id', 'session', 'user_session', 'email', '$headers.x-user-id', '$ce.subject'])('%s says who', (text) => {
  expect(saysWho(path(text))).toBeDefined()
})

it.each(['user_agent', 'user.country', 'user_type', 'user_count', 'id', 'product_id', 'order_id', 'username_length', 'superuser', 'event_id', 'identity_verified'])('%s does not say who', (text) => {
  expect(saysWho(path(text))).toBeUndefined()
})

it.each(['event_type', 'eventName', 'event', 'type', 'action', 'name', 'kind', 'metadata.type', 'data.action', 'event.name', '$headers.__TypeId__'])('%s says what', (text) => {
  expect(saysWhat(path(text))).toBeDefined()
})

it.each(['device_type', 'user.name', 'content-type', 'product.category', 'type_version', 'user.type', 'card.kind'])('%s does not say what', (text) => {
  expect(saysWhat(path(text))).toBeUndefined()
})

/** Each list from the surest name to the least sure. */
it.each([
  [saysWho, ['user_id', 'customer_id', 'device_id', 'session_id', 'ip']],
  [saysWhat, ['event_type', 'type', 'name', 'level']],
  [saysWhen, ['event_time', 'timestamp', 'created_at', 'received_at', 'updated_at']],
  [saysWhen, ['derived_tstamp', 'dvce_created_tstamp', 'collector_tstamp']],
  [saysWhen, ['originalTimestamp', 'sentAt', 'valid_until_date']],
])('ranks names by how surely they say it: %o', (says, texts) => {
  const weights = texts.map((text) => says(path(text))?.weight ?? 0)
  expect(weights).toEqual(weights.toSorted((a, b) => b - a))
  expect(new Set(weights).size).toBe(weights.length)
})

it.each(['lat', 'format', 'status', 'latitude', 'station', 'rats'])('%s does not say when', (text) => {
  expect(saysWhen(path(text))).toBeUndefined()
})

it('tells what names a thing from what counts it', () => {
  expect(['id', 'product_id', 'productId', 'zip', 'sku', 'user.id', 'order_code'].filter((text) => !saysCode(path(text)))).toEqual([])
  expect(['paid', 'quantity', 'bid', 'valid', 'count', 'codec'].filter((text) => saysCode(path(text)))).toEqual([])
  expect(['price', 'total_amount', 'geo.lat', 'unitPrice'].filter((text) => !saysFraction(path(text)))).toEqual([])
  expect(['quantity', 'price_list', 'latency'].filter((text) => saysFraction(path(text)))).toEqual([])
})

it('knows ids of events from ids of users', () => {
  expect(['event_id', 'messageId', 'id', 'uuid', 'trace_id', 'insert_id'].filter((text) => !isEventId(path(text)))).toEqual([])
  expect(['user_id', 'product.id', 'session_id', 'order_id'].filter((text) => isEventId(path(text)))).toEqual([])
})
