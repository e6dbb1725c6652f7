import { AppError } from '../../errors.ts'
import type { AttributeType, Mapping } from '../../model/mapping.ts'
import type { StoredConnection } from '../../model/connection.ts'

/** What the compiler knows of a source: where its events come from and how they are read. */
export interface CompileSource {
  readonly name: string
  readonly kind: string
  readonly topic: string
  readonly format: 'json' | 'text'
  readonly mapping: Mapping
  readonly latenessMs: number
  readonly connection?: StoredConnection | undefined
}

/** A column of the relation `events`: every target has the same ones. Times are microseconds. */
export interface EventColumn {
  readonly name: string
  readonly type: AttributeType | 'micros'
}

/** Columns that order events and prove a match; every target has them: see SEMANTICS.md, "Order". */
export const fixedColumns = ['us', 'type', 'origin', 'sequence', 'source_no', 'source', 'topic', 'partition', 'offset'] as const

/** Finds which column of `events` a field of the language is (SEMANTICS.md, rule 2). */
export class Fields {
  /** Those that were asked for, besides the fixed ones, by their column. */
  readonly asked = new Map<string, EventColumn>()
  private readonly sources: readonly CompileSource[]

  constructor(sources: readonly CompileSource[]) {
    this.sources = sources
  }

  /** @throws AppError BAD_REQUEST for a field that no source has */
  find(path: string): EventColumn {
    const fixed = fixedFields[path]
    const attribute = this.sources.flatMap(({ mapping }) => mapping.attributes).find(({ name }) => name.toLowerCase() === path)
    if (path === 'time' || path === 'type') return fixedFields[path] as EventColumn
    if (attribute !== undefined) return this.ask({ name: `a_${path}`, type: attribute.type })
    if (fixed !== undefined) return this.ask(fixed)
    if (this.sources.some(({ mapping }) => mapping.key === path)) return this.ask(keyColumn)
    throw new AppError('BAD_REQUEST', `No field ${path} in this workspace.`, { hint: 'Add it to the mapping of its source as an attribute.' })
  }

  private ask(column: EventColumn): EventColumn {
    if (!(fixedColumns as readonly string[]).includes(column.name)) this.asked.set(column.name, column)
    return column
  }
}

const keyColumn: EventColumn = { name: 'key', type: 'text' }
const fixedFields: Readonly<Record<string, EventColumn | undefined>> = {
  key: keyColumn,
  user: keyColumn,
  time: { name: 'us', type: 'micros' },
  type: { name: 'type', type: 'text' },
  source: { name: 'source', type: 'text' },
  topic: { name: 'topic', type: 'text' },
  partition: { name: 'partition', type: 'integer' },
  offset: { name: 'offset', type: 'integer' },
  id: { name: 'id', type: 'text' },
  subject: { name: 'subject', type: 'text' },
  correlationid: { name: 'correlationid', type: 'text' },
  causationid: { name: 'causationid', type: 'text' },
}
