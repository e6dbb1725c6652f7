import type { PathStep } from '../../../shared/model/field-path.ts'

/** What a value is. */
export type Kind = 'integer' | 'number' | 'boolean' | 'string' | 'array'

/** What a sample's records hold at one path. */
export interface FieldProfile {
  readonly steps: readonly PathStep[]
  /** Records that have a value there; null does not count. */
  present: number
  readonly kinds: Map<Kind, number>
  /** The distinct values as texts, up to a bound. */
  readonly distinct: Set<string>
}

/** Bounds of a profile: a hostile record must not make it large. */
const mostFields = 500
const deepest = 8
const longestText = 200
const mostDistinct = 2_000

/** Counts what stands at every path of the payloads. Arrays count as one value; their elements are not fields. */
export function profileFields(payloads: readonly unknown[]): readonly FieldProfile[] {
  const fields = new Map<string, FieldProfile>()
  for (const payload of payloads) visit(payload, [], fields)
  return [...fields.values()]
}

function visit(value: unknown, steps: readonly PathStep[], fields: Map<string, FieldProfile>): void {
  if (value === null || value === undefined) return
  if (typeof value === 'object' && !Array.isArray(value)) {
    if (steps.length < deepest) for (const [name, member] of Object.entries(value)) visit(member, [...steps, { name }], fields)
    return
  }
  if (steps.length === 0) return
  const id = JSON.stringify(steps)
  let field = fields.get(id)
  if (field === undefined) {
    if (fields.size >= mostFields) return
    field = { steps, present: 0, kinds: new Map(), distinct: new Set() }
    fields.set(id, field)
  }
  field.present++
  const kind = kindOf(value)
  field.kinds.set(kind, (field.kinds.get(kind) ?? 0) + 1)
  const text = Array.isArray(value) ? `array of ${value.length}` : String(value).slice(0, longestText)
  if (field.distinct.size < mostDistinct) field.distinct.add(text)
}

function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number'
  return 'string'
}

/** The one kind that nearly all values have; integers among numbers are numbers. */
export function mainKind(field: FieldProfile): Kind | undefined {
  const count = (kind: Kind): number => field.kinds.get(kind) ?? 0
  if (count('number') > 0 && count('number') + count('integer') === field.present) return 'number'
  return [...field.kinds].find(([, n]) => n >= field.present * 0.95)?.[0]
}
