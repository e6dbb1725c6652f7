import { describe, expect, it } from 'vitest'
import { parseAttributesOption, parseMapOption } from './parse-map-option.ts'

describe('the options of a mapping', () => {
  it('reads where key, type and time are', () => {
    expect(parseMapOption('key=user_id,type=event_type,time=$broker_time')).toEqual({ ok: true, value: { key: 'user_id', type: 'event_type', time: '$broker_time' } })
  })

  it('keeps commas and equal signs inside quotes', () => {
    expect(parseMapOption(`key="a,b=c",type='x, y'`)).toEqual({ ok: true, value: { key: '"a,b=c"', type: "'x, y'" } })
  })

  it('names what is no field of a mapping', () => {
    const parsed = parseMapOption('user=user_id')
    expect(parsed.ok ? '' : parsed.error.message).toBe('user=user_id is not one of key=…, type=… and time=….')
  })

  it('says where a path cannot be read', () => {
    const parsed = parseMapOption('key=a..b')
    expect(parsed.ok ? '' : parsed.error.message).toContain('column 3')
  })

  it('reads attributes with names and types where they are given', () => {
    expect(parseAttributesOption('product_id,price:number,session=user_session:text,items[0].sku')).toEqual({
      ok: true,
      value: [
        { name: 'product_id', path: 'product_id' },
        { name: 'price', path: 'price', type: 'number' },
        { name: 'session', path: 'user_session', type: 'text' },
        { name: 'items_0_.sku', path: 'items[0].sku' },
      ],
    })
  })

  it('refuses a type that does not exist', () => {
    const parsed = parseAttributesOption('price:money')
    expect(parsed.ok ? '' : parsed.error.message).toContain('money is not a type')
  })
})
