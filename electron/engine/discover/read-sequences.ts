import { AppError } from '../../../shared/errors.ts'
import { cutSessions, type SequenceData } from '../../../shared/discover/sequences/sequence-data.ts'
import { nearest } from '../../../shared/behavior/nearest.ts'
import { readColumns, storedFields, type LoadedColumns, type StoredField } from '../store/read-columns.ts'
import { typeNames } from '../store/read-users.ts'
import type { Store } from '../store/store.ts'

/** Which events become sequences; times are microseconds. */
export interface SequenceRequest {
  readonly from?: bigint | undefined
  readonly to?: bigint | undefined
  readonly types?: readonly string[] | undefined
  /** An attribute whose values tell the sequences of a user apart. */
  readonly same?: string | undefined
  readonly unit: 'user' | 'session'
  readonly sessionGap: bigint
}

/** The events of a workspace as sequences of types. */
export interface EventSequences {
  readonly data: SequenceData
  /** Names of the items. */
  readonly types: readonly string[]
  /** The fields that tell them apart, as a behavior names them. */
  readonly by: readonly string[]
  /** The user of each sequence, as a number. */
  readonly users: Int32Array
  /** How many users there are. */
  readonly userCount: number
}

/**
 * Reads the sequences of all users, in order, as columns of numbers.
 *
 * @throws AppError NOT_FOUND for a type or an attribute that the workspace has not, CANCELLED
 */
export async function readSequences(store: Store, request: SequenceRequest, signal: AbortSignal): Promise<EventSequences> {
  const known = await storedFields(store.database, signal)
  const key = known.get('key') as StoredField
  const same = request.same === undefined ? undefined : attributeOf(known, request.same)
  await checkTypes(store, request.types, signal)
  const only = [...(request.from === undefined ? [] : [`e.time >= make_timestamp(${request.from})`]), ...(request.to === undefined ? [] : [`e.time < make_timestamp(${request.to})`])].join(' AND ')
  const parts: LoadedColumns[] = []
  for await (const part of readColumns(store.database, { by: [{ ...key, path: 'key' }, ...(same === undefined ? [] : [same])], types: request.types, fields: [], ...(only === '' ? {} : { only }) }, signal)) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    parts.push(part)
  }
  // an attribute may have the name `user`
  const by = [known.get('user')?.type === 'key' ? 'user' : 'key', ...(request.same === undefined ? [] : [request.same])]
  return { ...gather(parts, request), by }
}

function gather(parts: readonly LoadedColumns[], { unit, sessionGap }: SequenceRequest): Omit<EventSequences, 'by'> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const whole = { items: new Int32Array(length), time: new Float64Array(length), starts: new Int32Array(parts.reduce((sum, { starts }) => sum + starts.length - 1, 0) + 1), itemCount: parts[0]?.types.length ?? 0 }
  const keys = new Int32Array(whole.starts.length - 1)
  let [event, sequence] = [0, 0]
  for (const { length: count, starts, type, time, fields } of parts) {
    whole.items.set(type.subarray(0, count), event)
    whole.time.set(time.subarray(0, count), event)
    const key = fields.get('key')
    for (let at = 0; at + 1 < starts.length; at++) {
      const start = starts[at] as number
      keys[sequence] = key?.kind === 'text' ? (key.codes[start] as number) : 0
      whole.starts[sequence++] = event + start
    }
    event += count
  }
  whole.starts[sequence] = length
  const data = unit === 'session' ? cutSessions(whole, Number(sessionGap)) : whole
  return { data, types: parts[0]?.types ?? [], users: usersOf(keys, whole.starts, data.starts), userCount: new Set(keys).size }
}

/** The user of each sequence, where those of users may have been cut further. */
function usersOf(keys: Int32Array, starts: Int32Array, cut: Int32Array): Int32Array {
  let user = 0
  return Int32Array.from({ length: cut.length - 1 }, (_, sequence) => {
    while ((starts[user + 1] as number) <= (cut[sequence] as number)) user++
    return keys[user] as number
  })
}

function attributeOf(known: ReadonlyMap<string, StoredField>, name: string): StoredField {
  const found = known.get(name)
  if (found !== undefined && found.type !== 'key') return found
  const attributes = [...known].filter(([, { type, column }]) => type !== 'key' && column.startsWith('e."a_')).map(([path]) => path)
  throw new AppError('NOT_FOUND', `There is no attribute ${name}.`, { hint: suggestion(name, attributes) })
}

async function checkTypes(store: Store, types: readonly string[] | undefined, signal: AbortSignal): Promise<void> {
  if (types === undefined) return
  const known = await store.database.read((connection) => typeNames(connection), signal)
  const missing = types.find((type) => !known.includes(type))
  if (missing !== undefined) throw new AppError('NOT_FOUND', `There are no events of type ${missing}.`, { hint: suggestion(missing, known) })
}

function suggestion(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  return close === undefined ? `There are: ${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}.` : `Did you mean ${close}?`
}
