import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { avroReader, isoTime } from './avro.ts'

type Schema = string | object
const reader = (schema: Schema, references: readonly Schema[] = []): ((hex: string) => string) => {
  const read = avroReader(JSON.stringify(schema), references.map((reference) => JSON.stringify(reference)))
  return (hex) => read(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}
const record = (...fields: object[]): object => ({ type: 'record', name: 'E', fields })

/** A long as Avro writes it: zigzag, then seven bits a byte, lowest first. */
function longHex(value: bigint): string {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)); ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    if (rest <= 0x7fn) return Buffer.from(bytes).toString('hex')
  }
}

describe('Avro bytes', () => {
  it.each<[schema: Schema, hex: string, text: string]>([
    ['null', '', 'null'],
    ['boolean', '01', 'true'],
    ['int', 'ffffffff0f', '-2147483648'],
    ['float', '0000c03f', '1.5'],
    ['double', '9a9999999999b93f', '0.1'],
    ['double', '000000000000f07f', 'null'],
    ['bytes', '06 00ff01', '"AP8B"'],
    ['string', '06 c3a922', '"é\\""'],
    [{ type: 'fixed', name: 'F', size: 2 }, 'ff00', '"/wA="'],
    [{ type: 'enum', name: 'C', symbols: ['RED', 'BLUE'] }, '02', '"BLUE"'],
    [{ type: 'array', items: 'int' }, '04 02 04 00', '[1,2]'],
    [{ type: 'array', items: 'int' }, '03 04 02 04 02 06 00', '[1,2,3]'],
    [{ type: 'map', values: 'int' }, '02 02 61 02 01 04 02 62 04 00', '{"a":1,"b":2}'],
    [{ type: 'map', values: 'int' }, '02 12 5f5f70726f746f5f5f 02 00', '{"__proto__":1}'],
    [{ type: 'map', values: 'boolean' }, '02 14 5f5f69734c6f6e675f5f 01 00', '{"__isLong__":true}'],
    [['null', 'string'], '02 02 61', '"a"'],
    [['null', 'string'], '00', 'null'],
  ])('of %j: %s reads as %s', (schema, hex, text) => {
    expect(reader(schema)(hex)).toBe(text)
  })

  it('keep every digit of every long', () => {
    const plain = reader('long')
    const inside = reader(record({ name: 'all', type: { type: 'array', items: 'long' } }, { name: 'by', type: { type: 'map', values: 'long' } }, { name: 'some', type: ['null', 'long'] }))
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const hex = longHex(value)
        expect(plain(hex)).toBe(String(value))
        expect(inside(`02 ${hex} 00  02 02 61 ${hex} 00  02 ${hex}`)).toBe(`{"all":[${value}],"by":{"a":${value}},"some":${value}}`)
      }),
    )
  })

  it.each<[schema: Schema, hex: string, text: string]>([
    [{ type: 'long', logicalType: 'timestamp-millis' }, longHex(1_700_000_000_123n), '"2023-11-14T22:13:20.123Z"'],
    [{ type: 'long', logicalType: 'timestamp-micros' }, longHex(-1n), '"1969-12-31T23:59:59.999999Z"'],
    [{ type: 'long', logicalType: 'local-timestamp-millis' }, longHex(0n), '"1970-01-01T00:00:00.000"'],
    [{ type: 'long', logicalType: 'local-timestamp-micros' }, longHex(1n), '"1970-01-01T00:00:00.000001"'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, longHex(2n ** 62n), `"${2n ** 62n * 1000n}"`],
    [{ type: 'long', logicalType: 'unknown-to-all' }, longHex(2n ** 60n), String(2n ** 60n)],
    [{ type: 'int', logicalType: 'date' }, longHex(-1n), '"1969-12-31"'],
    [{ type: 'int', logicalType: 'time-millis' }, longHex(1n), '1'],
    [{ type: 'string', logicalType: 'uuid' }, '02 61', '"a"'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }, '04 ff38', '"-2.00"'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 9, scale: 3 }, '02 05', '"0.005"'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 40, scale: 0 }, '22 7fffffffffffffffffffffffffffffffff', '"43556142965880123323311949751266331066367"'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }, '00', '"0.00"'],
    [{ type: 'fixed', name: 'D', size: 2, logicalType: 'decimal', precision: 4, scale: 1 }, 'ffff', '"-0.1"'],
  ])('of the logical type %j: %s reads as %s', (schema, hex, text) => {
    expect(reader(schema)(hex)).toBe(text)
  })

  it('of types that name each other, and of a type that is referred to', () => {
    const tree = record({ name: 'name', type: 'string' }, { name: 'more', type: { type: 'array', items: 'E' } })
    expect(reader(tree)('0261 04 0262 00 0263 02 0264 00 00 00')).toBe('{"name":"a","more":[{"name":"b","more":[]},{"name":"c","more":[{"name":"d","more":[]}]}]}')
    const money = { type: 'record', name: 'Money', namespace: 'shop', fields: [{ name: 'cents', type: 'long' }] }
    expect(reader(record({ name: 'price', type: 'shop.Money' }), [money])('04')).toBe('{"price":{"cents":2}}')
  })

  it.each<[what: string, schema: Schema, hex: string]>([
    ['cut off in a text', 'string', '0661'],
    ['cut off in a number', 'long', '80'],
    ['cut off between fields', record({ name: 'a', type: 'int' }, { name: 'b', type: 'int' }), '02'],
    ['longer than their schema', 'int', '0202'],
    ['a text of negative length', 'string', '0361'],
    ['an enum symbol that is not there', { type: 'enum', name: 'C', symbols: ['A'] }, '04'],
    ['a list without its end', { type: 'array', items: 'int' }, '0402'],
    ['a list that claims 2^60 elements', { type: 'array', items: 'null' }, `${longHex(2n ** 60n)}00`],
    ['a map that claims 2^60 entries', { type: 'map', values: 'null' }, `${longHex(2n ** 60n)}00`],
    ['nested without end', record({ name: 'next', type: ['null', 'E'] }), '02'.repeat(1_000_000)],
  ])('that are %s are refused, soon', (_, schema, hex) => {
    const start = performance.now()
    expect(() => reader(schema)(hex)).toThrow()
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('of any kind give JSON or an error, never something else', () => {
    const read = avroReader(JSON.stringify(record({ name: 'a', type: ['null', 'string', 'long'] }, { name: 'b', type: { type: 'map', values: { type: 'array', items: 'double' } } }, { name: 'c', type: 'bytes' })), [])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let text: string
        try {
          text = read(Buffer.from(bytes))
        } catch (error) {
          expect((error as Error).message).not.toBe('')
          return
        }
        expect(Object.keys(JSON.parse(text) as object)).toEqual(['a', 'b', 'c'])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a time in microseconds', () => {
  it('is the same instant as text, in whatever year a date can be', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -8_640_000_000_000_000_000n, max: 8_640_000_000_000_000_000n }), (micros) => {
        const text = isoTime(micros)
        const digits = /\.(\d+)Z$/.exec(text)?.[1] ?? ''
        expect(BigInt(Date.parse(text.replace(/\.\d+Z$/, 'Z'))) * 1000n + BigInt(digits.padEnd(6, '0'))).toBe(micros)
      }),
    )
  })
})
