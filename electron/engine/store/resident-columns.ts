import type { Coverage } from '../../../shared/model/coverage.ts'
import { row, type DuckDBConnection } from './database.ts'
import { readColumnsOn, type ColumnRequest, type LoadedColumns, type StoredField } from './read-columns.ts'

/** So many bytes of columns are kept at most. */
const mostBytes = 400_000_000
/** When nobody has asked for so long, in milliseconds, the memory is given back. */
const idleMs = 120_000

interface Resident {
  readonly request: string
  readonly coverage: string
  readonly columns: readonly LoadedColumns[]
  readonly bytes: number
}

/**
 * The columns that were asked for last, for as long as the events are the same: whoever changes a behavior and looks again
 * waits for the matcher alone, not for the store.
 */
export class ResidentColumns {
  private readonly limit: number
  /** The one that was used last stands last. */
  private residents: readonly Resident[] = []
  private idle: NodeJS.Timeout | undefined

  constructor(limit = mostBytes) {
    this.limit = limit
  }

  /** Bytes that are held now. */
  get bytes(): number {
    return this.residents.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** {@link readColumnsOn}, from memory where it has been read before and nothing has come or gone since. */
  async *read(connection: DuckDBConnection, request: ColumnRequest, coverage: Coverage): AsyncGenerator<LoadedColumns> {
    clearTimeout(this.idle)
    // what retention removes changes neither what has been read nor how many events that gave
    const { retentions } = await row(connection, 'SELECT count(*)::INTEGER AS retentions FROM retentions')
    const asked = { request: textOf(request), coverage: JSON.stringify([coverage, retentions]) }
    // with positions they are of use to who does without, too
    const fitting = [asked.request, textOf({ ...request, positions: true })]
    const known = this.residents.find((one) => fitting.includes(one.request) && one.coverage === asked.coverage)
    if (known !== undefined) {
      this.residents = [...this.residents.filter((one) => one !== known), known]
      yield* known.columns
    } else {
      const columns: LoadedColumns[] = []
      let bytes = 0
      for await (const part of readColumnsOn(connection, request)) {
        bytes += bytesOf(part)
        if (bytes <= this.limit) columns.push(part)
        // what cannot be kept whole is not held either
        else columns.length = 0
        yield part
      }
      if (bytes <= this.limit) this.keep({ ...asked, columns, bytes })
    }
    this.idle = setTimeout(() => this.clear(), idleMs)
    this.idle.unref()
  }

  /** Gives the memory back. */
  clear(): void {
    clearTimeout(this.idle)
    this.residents = []
  }

  private keep(added: Resident): void {
    // what was read of other events will never be asked for again
    const others = this.residents.filter(({ request, coverage }) => coverage === added.coverage && request !== added.request)
    let bytes = added.bytes
    const kept: Resident[] = []
    for (const one of [...others].reverse()) {
      bytes += one.bytes
      if (bytes <= this.limit) kept.unshift(one)
    }
    this.residents = [...kept, added]
  }
}

function textOf({ by, types, fields, only, positions = false }: ColumnRequest): string {
  const field = ({ path, column, type }: StoredField): readonly string[] => [path, column, type]
  return JSON.stringify([by.map(field), types ?? null, fields.map(field), only ?? '', positions])
}

/** What columns weigh. */
function bytesOf({ starts, time, type, fields, positions }: LoadedColumns): number {
  const arrays = [starts, time, type, ...(positions === undefined ? [] : [positions.source, positions.partition, positions.offset])]
  const ofFields = [...fields.values()].map((field) => (field.kind === 'text' ? field.codes.byteLength + field.dictionary.reduce((sum, text) => sum + 2 * text.length + 24, 0) : field.values.byteLength))
  return [...arrays.map(({ byteLength }) => byteLength), ...ofFields].reduce((sum, bytes) => sum + bytes, 0)
}
