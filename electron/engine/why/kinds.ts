import type { LoadedColumns } from '../store/read-columns.ts'

/** A kind of event that may explain something: a type, or a type with a value of a field. */
export interface Kind {
  readonly type: string
  readonly detail: string | undefined
}

/** Which kinds each event is of. */
export interface Kinds {
  readonly kinds: readonly Kind[]
  /** Calls back with each kind of a row. */
  readonly each: (columns: LoadedColumns, row: number, take: (kind: number) => void) => void
}

/** So many types are told apart, and so many kinds in all: what is counted for each chance has to fit into memory. */
const mostTypes = 40
const mostKinds = 120
/** A field tells kinds apart when it has so few values in events of a type. */
const mostValues = 12
const leastEvents = 20

/**
 * The kinds of events that occur in columns, the most frequent first.
 *
 * @param except fields that are no property of an event, such as the key of the behavior
 */
export function kindsOf(columns: LoadedColumns, except: ReadonlySet<string>): Kinds {
  const counts = new Int32Array(columns.types.length)
  for (const code of columns.type) counts[code] = (counts[code] as number) + 1
  const types = [...counts.keys()].filter((code) => (counts[code] as number) > 0).sort((left, right) => (counts[right] as number) - (counts[left] as number)).slice(0, mostTypes)
  const found = types.map((code) => ({ type: columns.types[code] as string, detail: undefined as string | undefined, events: Number.POSITIVE_INFINITY, code, path: '', value: -1 }))
  for (const [path, field] of columns.fields) {
    if (field.kind !== 'text' || except.has(path) || field.dictionary.length === 0 || field.dictionary.length > 1000) continue
    for (const [code, values] of countValues(columns, field.codes, types)) {
      if (values.size < 2 || values.size > mostValues) continue
      for (const [value, events] of values) if (events >= leastEvents) found.push({ type: columns.types[code] as string, detail: `${path} is ${field.dictionary[value] ?? ''}`, events, code, path, value })
    }
  }
  const kept = found.sort((left, right) => right.events - left.events).slice(0, mostKinds)
  const byType = new Map<string, { readonly plain: number; readonly details: (readonly [path: string, kindOf: ReadonlyMap<number, number>])[] }>()
  kept.forEach((kind, index) => {
    const entry = byType.get(kind.type) ?? { plain: -1, details: [] }
    if (kind.path === '') return byType.set(kind.type, { ...entry, plain: index })
    const known = entry.details.find(([path]) => path === kind.path)
    if (known === undefined) entry.details.push([kind.path, new Map([[kind.value, index]])])
    else (known[1] as Map<number, number>).set(kind.value, index)
    return byType.set(kind.type, entry)
  })
  return {
    kinds: kept.map(({ type, detail }) => ({ type, detail })),
    each: (part, row, take) => {
      const entry = byType.get(part.types[part.type[row] as number] as string)
      if (entry === undefined) return
      if (entry.plain !== -1) take(entry.plain)
      for (const [path, kindOf] of entry.details) {
        const field = part.fields.get(path)
        const kind = field?.kind === 'text' ? kindOf.get(field.codes[row] as number) : undefined
        if (kind !== undefined) take(kind)
      }
    },
  }
}

/** How often each value comes in events of each type; a type with too many values is told by a large map. */
function countValues(columns: LoadedColumns, codes: Int32Array, types: readonly number[]): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const counts = new Map(types.map((code) => [code, new Map<number, number>()]))
  for (let row = 0; row < columns.length; row++) {
    const value = codes[row] as number
    const of = value === -1 ? undefined : counts.get(columns.type[row] as number)
    if (of !== undefined) of.set(value, (of.get(value) ?? 0) + 1)
  }
  return counts
}
