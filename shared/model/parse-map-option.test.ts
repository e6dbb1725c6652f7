import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFieldPath, parseFieldPath } from './field-path.ts'
import { Attribute, attributeName } from './mapping.ts'
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

it('lets the key, the type and the time be left out', () => {
  expect(parseMapOption('time=$broker_time')).toEqual({ ok: true, value: { time: '$broker_time' } })
  expect(parseMapOption('')).toEqual({ ok: true, value: {} })
})

it('leaves colons inside quotes alone, and quotes that are written twice', () => {
  expect(parseMapOption(`key="a,b=c:d".id, type='x, ''y''=z'`)).toEqual({ ok: true, value: { key: '"a,b=c:d".id', type: "'x, ''y''=z'" } })
  expect(parseAttributesOption('"a,b":number, odd="a=b:c":text')).toEqual({
    ok: true,
    value: [{ name: 'a_b', path: '"a,b"', type: 'number' }, { name: 'odd', path: '"a=b:c"', type: 'text' }],
  })
})

it('names attributes after their paths, and takes an empty text for none', () => {
  expect(parseAttributesOption('user.country')).toEqual({ ok: true, value: [{ name: 'user.country', path: 'user.country' }] })
  expect(parseAttributesOption('')).toEqual({ ok: true, value: [] })
})

it.each([
  ['user_id', 'user_id is not one of key=…'],
  ['key=a=b', 'key=a=b is not one of key=…'],
  ['key=a,key=b', 'the key is given twice'],
  ['key=user.', 'the key user.: column 6'],
  ['key=', 'the key : column 1'],
  ['key="open,type=x', 'a closing "'],
  ['constructor=a', 'constructor=a is not one of key=…'],
])('refuses --map %s and says why', (text, message) => {
  expectRefused(parseMapOption(text), message)
})

it.each([
  ['price:float', 'float is not a type; types are text, integer, number, boolean, time'],
  ['price:', ' is not a type'],
  ['a:text:number', 'is not of the form'],
  ['a=b=c', 'is not of the form'],
  ['1st=a', 'the name 1st is not a name of letters'],
  ['=a', 'the name  is not a name of letters'],
  ['a..b', 'the attribute a..b: column 3'],
  ['price,Price', 'two attributes are named Price'],
  ['a=x,a=y', 'two attributes are named a'],
])('refuses --attributes %s and says why', (text, message) => {
  expectRefused(parseAttributesOption(text), message)
})

it('names an attribute after any path with a name that is allowed', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (names) => {
    const name = attributeName({ from: 'payload', steps: names.map((step) => ({ name: step })) })
    expect(Attribute.shape.name.safeParse(name).success, name).toBe(true)
  }))
  expect(attributeName({ from: 'payload', steps: [{ name: 'цена' }] })).toBe('field')
  expect(attributeName({ from: 'payload', steps: [{ name: '2nd' }] })).toBe('_2nd')
  expect(attributeName({ from: 'header', name: 'tenant-id' })).toBe('tenant_id')
})

it('takes any path that is quoted where it must be', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (names) => {
    const path = formatFieldPath({ from: 'payload', steps: names.map((name) => ({ name })) })
    expect(parseMapOption(`key=${path},type='a'`)).toEqual({ ok: true, value: { key: path, type: "'a'" } })
    expect(parseAttributesOption(`first=${path}:text,second='x'`)).toEqual({ ok: true, value: [{ name: 'first', path, type: 'text' }, { name: 'second', path: "'x'" }] })
  }))
})

it('reads or refuses any text; what it reads are paths', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('key', 'type', 'a', '=', ',', ':', '"', "'", '.', '$', ' ') }), (text) => {
    const map = parseMapOption(text)
    if (map.ok) for (const path of Object.values(map.value)) expect(parseFieldPath(path).ok).toBe(true)
    const attributes = parseAttributesOption(text)
    if (attributes.ok) for (const { name, path } of attributes.value) expect([Attribute.shape.name.safeParse(name).success, parseFieldPath(path).ok]).toEqual([true, true])
  }))
})

function expectRefused(result: ReturnType<typeof parseMapOption> | ReturnType<typeof parseAttributesOption>, message: string): void {
  if (result.ok) throw new Error('it was read')
  expect(result.error.code).toBe('BAD_REQUEST')
  expect(result.error.message).toContain(message)
  expect(result.error.hint).toContain('--map')
}
