import type { Table, Vector } from 'apache-arrow'
import type { Sequences } from '../../charts/strips/sequences.ts'

/** What the stream `sequences.slice` has given: users in the order of the engine. */
export interface LoadedSlice {
  readonly sequences: Sequences
  /** The code of each type by its place in the sequences, most frequent first. */
  readonly typeCodes: readonly number[]
  /** How many events of each type there are, by its place. */
  readonly typeCounts: readonly number[]
  readonly keys: readonly string[]
  /** How many events of the filter each user has, also those that were cut. */
  readonly totals: Float64Array
  /** How many users the filter has. */
  readonly users: number
}

/** Reads the columns of `sequences.slice`. */
export function readSlice(table: Table): LoadedSlice {
  const length = table.numRows
  const user = copied(table, 'user', new Int32Array(length))
  const codes = copied(table, 'type', new Int32Array(length))
  const time = new Float64Array(length)
  let row = 0
  for (const part of column(table, 'time').data) for (const micros of (part.values as BigInt64Array).subarray(0, part.length)) time[row++] = Number(micros) / 1000

  const starts: number[] = []
  for (let event = 0; event < length; event++) if (event === 0 || user[event] !== user[event - 1]) starts.push(event)
  const [key, events, users] = [column(table, 'key'), column(table, 'events'), column(table, 'users')]
  const counts = new Map<number, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  const types = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b)
  const places = new Map(types.map(([code], place) => [code, place]))
  return {
    sequences: { starts: Int32Array.from([...starts, length]), time, type: codes.map((code) => places.get(code) as number) },
    typeCodes: types.map(([code]) => code),
    typeCounts: types.map(([, count]) => count),
    keys: starts.map((start) => String(key.get(start))),
    totals: Float64Array.from(starts, (start) => Number(events.get(start))),
    users: length === 0 ? 0 : Number(users.get(0)),
  }
}

function column(table: Table, name: string): Vector {
  const found = table.getChild(name)
  // a stream without any batch has no columns either
  if (found === null && table.numRows > 0) throw new Error(`the stream has no column ${name}`)
  return found ?? ({ data: [] } as unknown as Vector)
}

function copied(table: Table, name: string, into: Int32Array): Int32Array {
  let row = 0
  for (const part of column(table, name).data) {
    into.set((part.values as Int32Array).subarray(0, part.length), row)
    row += part.length
  }
  return into
}
