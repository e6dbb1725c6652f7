import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { protobufReader } from './protobuf.ts'

type References = Parameters<typeof protobufReader>[1]

/** What a payload, given as the hexadecimal bytes of its indexes and its message, reads as. */
function readHex(schema: string, hex: string, references: References = []): unknown {
  return JSON.parse(protobufReader(schema, references)(Buffer.from(hex.replaceAll(' ', ''), 'hex')))
}

/** What a message written by protobufjs reads as; `0` in front stands for the schema's first message. */
function read(schema: string, type: string, message: object): unknown {
  const written = protobuf.parse(schema, new protobuf.Root(), { keepCase: true }).root.lookupType(type)
  return JSON.parse(protobufReader(schema, [])(Buffer.concat([Buffer.of(0), written.encode(written.fromObject(message)).finish()])))
}

const proto3 = (body: string): string => `syntax = "proto3";\n${body}`

describe('the path of a message type in front of a payload', () => {
  const schema = proto3(`package shop.v1;
    enum Color { RED = 0; }
    message First { string a = 1; message Inner { string b = 1; message Innermost { string c = 1; } } enum E { X = 0; } message Second { string d = 1; } }
    message Last { string e = 1; }`)

  // field 1, text of one character: 0a 01 xx
  it.each<[what: string, hex: string, expected: object]>([
    ['one zero, for the first message', '00 0a0161', { a: 'a' }],
    ['the count 1 and index 0, which say the same', '02 00 0a0161', { a: 'a' }],
    ['the second message of the file: enums are not counted', '02 02 0a0165', { e: 'e' }],
    ['a message in the first', '04 00 00 0a0162', { b: 'b' }],
    ['the second message in the first', '04 00 02 0a0164', { d: 'd' }],
    ['a message two levels down', '06 00 00 00 0a0163', { c: 'c' }],
  ])('may be %s', (_, hex, expected) => {
    expect(readHex(schema, hex)).toEqual(expected)
  })

  it.each<[what: string, hex: string, reason: RegExp]>([
    ['names a message that is not there', '02 04 0a0161', /no message type number 2/],
    ['names no place at all', '02 01 0a0161', /no message type number -1/],
    ['has a negative count', '01 0a0161', /-1 levels deep/],
    ['has a count that nobody means', 'feffffff0f', /2147483647 levels deep/],
    ['is cut off', '04 00', /out of range/],
    ['is not there', '', /out of range/],
  ])('is refused where it %s', (_, hex, reason) => {
    expect(() => readHex(schema, hex)).toThrow(reason)
  })

  it('counts the messages of the file itself, not those that it imports', () => {
    const common = { name: 'shop/common.proto', schema: proto3('package shop.common; message Money { int64 cents = 1; } message Other { }') }
    const importing = proto3('package shop.v1; import "shop/common.proto"; message Order { shop.common.Money total = 1; }')
    expect(readHex(importing, '00 0a02 0819', [common])).toEqual({ total: { cents: 25 } })
  })

  it('is found without a package', () => {
    expect(readHex(proto3('message A { string a = 1; } message B { string b = 1; }'), '0202 0a0162')).toEqual({ b: 'b' })
  })
})

describe('a message', () => {
  it('has the names of its schema, and the default of what is not on the wire', () => {
    const schema = proto3(`enum Color { UNKNOWN = 0; RED = 1; }
      message M { string user_id = 1; int64 big_count = 2; bool ok = 3; Color color = 4; bytes raw = 5; repeated int32 list = 6; map<string, int32> by_name = 7; M inner = 8; double ratio = 9; }`)
    expect(readHex(schema, '00')).toEqual({ user_id: '', big_count: 0, ok: false, color: 'UNKNOWN', raw: '', list: [], by_name: {}, inner: null, ratio: 0 })
  })

  it('keeps every digit of 64-bit integers of all kinds', () => {
    const schema = proto3('message M { int64 a = 1; uint64 b = 2; sint64 c = 3; fixed64 d = 4; sfixed64 e = 5; repeated int64 f = 6; map<uint64, int64> g = 7; }')
    const hex = '00 08ffffffffffffffff7f 10ffffffffffffffffff01 18ffffffffffffffffff01 21ffffffffffffffff 290000000000000080 320a 80808080808080808001 3a0d 08ffffffffffffffffff01 1001'
    expect(protobufReader(schema, [])(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBe(
      '{"f":[-9223372036854775808],"g":{"18446744073709551615":1},"a":9223372036854775807,"b":18446744073709551615,"c":-9223372036854775808,"d":18446744073709551615,"e":-9223372036854775808}',
    )
  })

  it('has enums by name, and the number of one that the schema does not know', () => {
    const schema = proto3('enum Color { UNKNOWN = 0; RED = 1; } message M { Color a = 1; Color b = 2; repeated Color c = 3; }')
    expect(readHex(schema, '00 0801 1007 1a020107')).toEqual({ a: 'RED', b: 7, c: ['RED', 7] })
  })

  it('leaves out fields that the schema does not know, of every wire type', () => {
    const schema = proto3('message M { string a = 1; }')
    expect(readHex(schema, '00 5005 510102030405060708 52027878 5501020304 0a0161 5b 0801 5c')).toEqual({ a: 'a' })
  })

  it('takes the last of a field that comes twice, and all of one that repeats', () => {
    const schema = proto3('message M { string a = 1; repeated string b = 2; repeated int32 c = 3; }')
    expect(readHex(schema, '00 0a0161 0a0162 120163 120164 1801 1a020203 1804')).toEqual({ a: 'b', b: ['c', 'd'], c: [1, 2, 3, 4] })
  })

  it('shows the member of a oneof that is set, even at its default, and hides the others', () => {
    const schema = proto3('message M { oneof payment { string card = 1; int32 cash = 2; Voucher voucher = 3; } optional string note = 4; } message Voucher { string code = 1; }')
    expect(readHex(schema, '00')).toEqual({})
    expect(readHex(schema, '00 1000')).toEqual({ cash: 0 })
    expect(readHex(schema, '00 1a03 0a0178')).toEqual({ voucher: { code: 'x' } })
    expect(readHex(schema, '00 2200')).toEqual({ note: '' })
  })

  it('has maps as objects, whatever their keys are called', () => {
    const schema = proto3('message M { map<string, bool> a = 1; map<int32, V> b = 2; map<bool, string> c = 3; } message V { string x = 1; }')
    const message = { a: Object.fromEntries([['__isLong__', true], ['', false], ['constructor', true]]), b: { '-1': { x: 'y' } }, c: { true: 'z' } }
    expect(read(schema, 'M', message)).toEqual(message)
  })

  it('has bytes as base64, and null for what JSON has no number for', () => {
    const schema = proto3('message M { bytes raw = 1; double a = 2; float b = 3; double c = 4; }')
    expect(read(schema, 'M', { raw: Buffer.from([0, 255, 1]), a: NaN, b: -Infinity, c: 0.1 })).toEqual({ raw: 'AP8B', a: null, b: null, c: 0.1 })
  })

  it('of proto2 has its defaults, its groups and its closed enums', () => {
    const schema = 'syntax = "proto2"; enum Color { RED = 1; BLUE = 2; } message M { required string a = 1; optional int32 b = 2 [default = 7]; optional Color c = 3; repeated group G = 4 { optional string x = 5; } }'
    expect(readHex(schema, '00 0a0161 23 2a0179 24')).toEqual({ a: 'a', b: 7, c: 'RED', g: [{ x: 'y' }] })
    expect(() => readHex(schema, '00 1001')).toThrow(/required 'a'/)
  })

  it.each<[what: string, hex: string]>([
    ['cut off in a text', '00 0a0561'],
    ['cut off in a number', '00 10ff'],
    ['a text longer than can be', '00 0affffffff0f 61'],
    ['a wire type that does not exist', '00 0f'],
  ])('is refused where it is broken: %s', (_, hex) => {
    expect(() => readHex(proto3('message M { string a = 1; int64 b = 2; }'), hex)).toThrow()
  })

  it('is refused where it is nested without end, and harms nothing', () => {
    const reader = protobufReader(proto3('message M { M m = 1; string a = 2; }'), [])
    let message = Buffer.from('120161', 'hex')
    for (let depth = 0; depth < 30_000; depth++) {
      const front = protobuf.Writer.create().uint32(10).uint32(message.length).finish()
      message = Buffer.concat([front, message])
    }
    expect(() => reader(Buffer.concat([Buffer.of(0), message]))).toThrow()
    expect(reader(Buffer.from('00120161', 'hex'))).toBe('{"m":null,"a":"a"}')
  })
})

describe('a well-known type', () => {
  const schema = proto3(`import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/wrappers.proto";
    import "google/protobuf/struct.proto"; import "google/protobuf/any.proto"; import "google/protobuf/empty.proto"; import "google/protobuf/field_mask.proto";
    message M { google.protobuf.Timestamp at = 1; google.protobuf.Duration took = 2; google.protobuf.Int64Value count = 3; google.protobuf.Struct more = 4; repeated google.protobuf.Timestamp all = 5; google.protobuf.Any any = 6; google.protobuf.FieldMask mask = 7; google.protobuf.Empty empty = 8; google.protobuf.BytesValue raw = 9; }`)
  const reader = protobufReader(schema, [])
  const field = (number: number, hex: string): string => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    return `${Buffer.of((number << 3) | 2, bytes.length).toString('hex')}${bytes.toString('hex')}`
  }
  const fields = (hex: string): Record<string, unknown> => JSON.parse(reader(Buffer.from(`00${hex}`, 'hex'))) as Record<string, unknown>

  it('reads as a time where it is a Timestamp: microseconds, before 1970 too', () => {
    expect(fields(field(1, '08 80e2cfaa06 10 c0843d')).at).toBe('2023-11-14T22:13:20.001Z')
    expect(fields(field(1, '10 959aef3a')).at).toBe('1970-01-01T00:00:00.123456Z')
    expect(fields(field(1, '08 ffffffffffffffffff01 10 80cab5ee01')).at).toBe('1969-12-31T23:59:59.500Z')
    expect(fields(field(1, '')).at).toBe('1970-01-01T00:00:00.000Z')
    expect(fields('').at).toBeNull()
    expect(fields(field(5, '0801') + field(5, '0802')).all).toEqual(['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:02.000Z'])
  })

  it('is the bare value where it is a wrapper, exact and with its default', () => {
    expect(reader(Buffer.from(`00${field(3, '08ffffffffffffffff7f')}`, 'hex'))).toContain('"count":9223372036854775807')
    expect(fields(field(3, '')).count).toBe(0)
    expect(fields('').count).toBeNull()
    expect(fields(field(9, '0a020001')).raw).toBe('AAE=')
  })

  it('is the object that it describes where it is a Struct', () => {
    const value = (hex: string): string => field(2, hex)
    const entry = (name: string, hex: string): string => field(1, field(1, Buffer.from(name).toString('hex')) + value(hex))
    const nested = field(5, entry('x', '2001'))
    const list = field(6, field(1, field(3, '61')) + field(1, '0800') + field(1, '11000000000000f83f'))
    const more = entry('text', field(3, '78')) + entry('empty', field(3, '')) + entry('nested', nested) + entry('list', list) + entry('__proto__', '2000') + entry('none', '')
    expect(Object.entries(fields(field(4, more)).more as object)).toEqual([['text', 'x'], ['empty', ''], ['nested', { x: true }], ['list', ['a', null, 1.5]], ['__proto__', false], ['none', null]])
    expect(fields(field(4, '')).more).toEqual({})
  })

  it('of another kind shows its fields, and needs no reference to its file', () => {
    expect(fields(field(2, '0805 1001')).took).toEqual({ seconds: 5, nanos: 1 })
    expect(fields(field(6, '0a0174 120101')).any).toEqual({ type_url: 't', value: 'AQ==' })
    expect(fields(field(7, '0a0161 0a0162')).mask).toEqual({ paths: ['a', 'b'] })
    expect(fields(field(8, '')).empty).toEqual({})
  })
})

describe('a Protobuf schema', () => {
  it.each(['message {', '', 'syntax = "proto3"; message M { Missing m = 1; }'])('that is broken (%j) reads nothing', (schema) => {
    expect(() => protobufReader(schema, [])(Buffer.from('00', 'hex'))).toThrow()
  })

  it('of one subject knows nothing of another that has the same names', () => {
    const one = protobufReader(proto3('package p; message M { string a = 1; }'), [])
    const other = protobufReader(proto3('package p; message M { int32 b = 2; }'), [])
    expect([one(Buffer.from('000a0161', 'hex')), other(Buffer.from('001007', 'hex'))]).toEqual(['{"a":"a"}', '{"b":7}'])
  })
})
