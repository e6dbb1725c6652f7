import { formatFieldPath, type FieldPath, type PathStep } from '../../../shared/model/field-path.ts'

/** A decoded record, as far as a guess needs it. */
export interface GuessRecord {
  readonly key: string | null
  readonly headers: readonly { readonly name: string; readonly value: string | null }[]
  /** Epoch milliseconds. */
  readonly brokerTime: number
  /** CloudEvents attributes. */
  readonly context: Readonly<Record<string, unknown>> | null
  readonly data: unknown
}

/** What a value is. An integer fits into 64 bits. */
export type Kind = 'integer' | 'number' | 'boolean' | 'string' | 'null' | 'object' | 'array'

/** A value that is neither null nor a container, as text, with the index of its record. */
export interface FieldValue {
  readonly record: number
  readonly text: string
}

/** What a sample's records hold at one path. */
export interface FieldProfile {
  readonly path: FieldPath
  /** How many records hold a value of each kind. */
  readonly kinds: ReadonlyMap<Kind, number>
  /** The scalar values in the order of the records, one a record. Long ones are cut. */
  readonly values: readonly FieldValue[]
  /** The distinct scalar values, each with how many records hold it, in the order they came. */
  readonly distinct: ReadonlyMap<string, number>
}

interface OpenProfile extends FieldProfile {
  readonly kinds: Map<Kind, number>
  readonly values: FieldValue[]
  readonly distinct: Map<string, number>
}

/** Bounds of a profile: a hostile record must not make it large. */
const mostFields = 500
const deepest = 8
const longestText = 200
/** As FieldPathText allows. */
const longestPath = 512

/** Names that no path of the store's JSON reader can say, or that no JSON it takes can hold. */
const unreadableName = /^\*?$|\0|\p{Cs}/u

/**
 * Counts what stands in the records: the key, each header, each CloudEvents attribute and each field of the payload.
 * Objects are followed down to a bound; arrays are not, since each is one value of its record.
 */
export function profileFields(records: readonly GuessRecord[]): readonly FieldProfile[] {
  const fields = new Map<string, OpenProfile>()
  records.forEach(({ key, headers, context, data }, record) => {
    const add = (path: FieldPath, value: unknown): void => addValue(fields, path, record, value)
    if (key !== null && key !== '') add({ from: 'key' }, key)
    // where a header is repeated, the store reads the first
    const first = new Map(headers.toReversed().map(({ name, value }) => [name, value]))
    for (const [name, value] of first) if (!unreadableName.test(name)) add({ from: 'header', name }, value)
    for (const [name, value] of Object.entries(context ?? {})) if (!unreadableName.test(name)) add({ from: 'ce', name }, value)
    addMembers(data, [], add)
  })
  return [...fields.values()]
}

/**
 * The kind of the scalar values, where at least 95 of 100 are of it; integers among numbers are numbers.
 * Undefined for a field of mixed kinds, of containers or of nulls.
 */
export function mainKind({ kinds }: FieldProfile): 'integer' | 'number' | 'boolean' | 'string' | undefined {
  const count = (kind: Kind): number => kinds.get(kind) ?? 0
  const enough = 0.95 * ([...kinds.values()].reduce((sum, n) => sum + n, 0) - count('null'))
  if (enough === 0) return undefined
  if (count('number') > 0 && count('number') + count('integer') >= enough) return 'number'
  return (['string', 'integer', 'boolean'] as const).find((kind) => count(kind) >= enough)
}

function addMembers(value: unknown, steps: readonly PathStep[], add: (path: FieldPath, value: unknown) => void): void {
  if (kindOf(value) !== 'object' || steps.length === deepest) return
  for (const [name, member] of Object.entries(value as object).slice(0, mostFields)) {
    if (unreadableName.test(name)) continue
    const inner = [...steps, { name }]
    add({ from: 'payload', steps: inner }, member)
    addMembers(member, inner, add)
  }
}

function addValue(fields: Map<string, OpenProfile>, path: FieldPath, record: number, value: unknown): void {
  const id = formatFieldPath(path)
  let field = fields.get(id)
  if (field === undefined) {
    if (fields.size >= mostFields || id.length > longestPath) return
    field = { path, kinds: new Map(), values: [], distinct: new Map() }
    fields.set(id, field)
  }
  const kind = kindOf(value)
  field.kinds.set(kind, (field.kinds.get(kind) ?? 0) + 1)
  if (kind === 'null' || kind === 'object' || kind === 'array') return
  const text = String(value).slice(0, longestText)
  field.values.push({ record, text })
  field.distinct.set(text, (field.distinct.get(text) ?? 0) + 1)
}

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return typeof value === 'string' ? 'string' : 'boolean'
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number'
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'array' : 'object'
    default:
      return 'null'
  }
}
