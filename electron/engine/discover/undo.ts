import { setImmediate } from 'node:timers/promises'
import { UndoTally } from '../../../shared/discover/undo/tally.ts'
import { counted, isUndo, orderedPairs } from '../../../shared/discover/undo/undo.ts'
import { saysUndo } from '../../../shared/discover/undo/undo-word.ts'
import { undoBehavior } from '../../../shared/discover/undo/undo-behavior.ts'
import { nearest } from '../../../shared/behavior/nearest.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FoundUndo, UndoFindings, UndoQuestion } from '../../../shared/model/discovery.ts'
import { benjaminiHochberg } from '../../../shared/why/discoveries.ts'
import { identifier, row, rows, type DuckDBConnection } from '../store/database.ts'
import { readColumnsOn, storedFields, type LoadedColumns, type StoredField } from '../store/read-columns.ts'
import { allEvents, loadAttributes } from '../store/read-events.ts'
import type { Asked } from './discover.ts'
import { inRange } from './recurring-series.ts'

/** So many types take part, the most frequent: what is counted of three grows with their third power. */
const mostTypes = 60
/** The false discovery rate up to which an order is not taken for chance. */
const mostFalse = 0.01
const user: StoredField = { path: 'key', column: 'e.key', type: 'key' }

/** What was counted of one attribute. */
interface Counted {
  readonly attribute: string
  readonly types: readonly string[]
  readonly tally: UndoTally
}

/**
 * Pairs of types of event on the same value of an attribute where the second tends to take the first back.
 *
 * @throws AppError NOT_FOUND where there is no such attribute, with the one that was probably meant; CANCELLED
 */
export async function discoverUndo({ store, signal, progress }: Asked, question: UndoQuestion): Promise<UndoFindings> {
  const fields = await storedFields(store.database, signal)
  return store.database.read(async (connection) => {
    const where = inRange(question)
    const { n: events } = await row(connection, `SELECT count(*)::DOUBLE AS n FROM ${allEvents} e WHERE ${where}`)
    if (events === 0) return { events: 0, tried: 0, undos: [], notes: ['There are no events yet.'] }
    const notes: string[] = []
    const attributes = await chooseAttributes(connection, where, question.attributes)
    const all: Counted[] = []
    for (const [index, attribute] of attributes.entries()) {
      const counts = await countAttribute(connection, where, attribute, signal, (share) => progress((index + share) / attributes.length))
      if (counts === undefined) continue
      all.push(counts)
      if (counts.types.length === mostTypes) notes.push(`Of “${counts.attribute}”, only the ${mostTypes} most frequent types were looked at.`)
    }
    const tried = all.flatMap((one) => orderedPairs(one.tally).map((pair) => ({ ...one, ...pair })))
    const rates = benjaminiHochberg(tried.map(({ p }) => p))
    const by = fields.get('user')?.type === 'key' ? 'user' : 'key'
    const specific = mostSpecific(tried)
    const undos = tried.filter((one, at) => (rates[at] as number) <= mostFalse && specific.has(one) && isUndo(one.tally, one, saysUndo(one.types[one.undo] as string, one.types[one.first] as string))).map((one) => toFinding(one, counted(one.tally, one.first, one.undo), by))
    progress(1)
    return { events: events as number, tried: tried.length, undos: undos.sort((a, b) => b.undone - a.undone).slice(0, question.limit), notes }
  }, signal)
}

/** Those that may name a thing: texts and whole numbers with several values, and not another name of the user. */
async function chooseAttributes(connection: DuckDBConnection, where: string, asked: readonly string[] | undefined): Promise<readonly string[]> {
  const attributes = await loadAttributes(connection)
  const names = attributes.map(({ column }) => column.slice(2))
  const unknown = asked?.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const meant = nearest(unknown, names)
    throw new AppError('NOT_FOUND', `There is no attribute “${unknown}”.`, { hint: meant === undefined ? `The attributes are ${names.map((name) => `“${name}”`).join(', ')}.` : `Did you mean “${meant}”?` })
  }
  if (asked !== undefined) return asked
  const fit = attributes.filter(({ type }) => type === 'text' || type === 'integer').map(({ column }) => column)
  if (fit.length === 0) return []
  const values = await row(connection, `SELECT ${fit.map((column, at) => `approx_count_distinct(e.${identifier(column)})::DOUBLE AS c${at}`).join(', ')} FROM ${allEvents} e WHERE ${where} AND e.key IS NOT NULL`)
  return fit.filter((_, at) => (values[`c${at}`] as number) > 1).map((column) => column.slice(2))
}

async function countAttribute(connection: DuckDBConnection, where: string, attribute: string, signal: AbortSignal, progress: (share: number) => void): Promise<Counted | undefined> {
  const column = `e.${identifier(`a_${attribute}`)}`
  const only = `${where} AND ${column} IS NOT NULL`
  const found = await rows(connection, `SELECT t.type, count(*)::DOUBLE AS n FROM ${allEvents} e JOIN types t ON t.code = e.type WHERE ${only} AND e.key IS NOT NULL GROUP BY t.type ORDER BY n DESC, t.type LIMIT ${mostTypes}`)
  const types = found.map(({ type }) => type as string)
  if (types.length < 2) return undefined
  const total = found.reduce((sum, { n }) => sum + (n as number), 0)
  // a value is told by its hash: ten million texts would not fit, and 53 bits hardly ever meet
  const value: StoredField = { path: 'value', column: `(hash(${column}) >> 11)`, type: 'integer' }
  const tally = new UndoTally(types.length)
  let [read, users] = [0, 0]
  for await (const part of readColumnsOn(connection, { by: [user, value], types, fields: [], only })) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    const { numbers, next } = numberUsers(part, users)
    users = next
    const place = new Int32Array(part.types.map((type) => types.indexOf(type)))
    tally.add({ starts: part.starts, user: numbers, time: part.time, type: part.type.map((code) => place[code] as number) })
    read += part.length
    progress(read / Math.max(read, total))
    await setImmediate()
  }
  return { attribute, types, tally }
}

/** The number of each sequence's user: equal for neighbors of one user. */
function numberUsers({ starts, fields }: LoadedColumns, from: number): { readonly numbers: Int32Array; readonly next: number } {
  const keys = fields.get('key')
  if (keys?.kind !== 'text') throw new Error('the keys were not read')
  const numbers = new Int32Array(starts.length - 1)
  let next = from
  for (let at = 0; at < numbers.length; at++) {
    if (at === 0 || keys.codes[starts[at] as number] !== keys.codes[starts[at - 1] as number]) next++
    numbers[at] = next
  }
  return { numbers, next }
}

function toFinding({ attribute, types, tally }: Counted, { first, undo, pairs, undone, needs, users }: ReturnType<typeof counted>, by: string): FoundUndo {
  const names = { first: types[first] as string, undo: types[undo] as string }
  const times = tally.times[first * tally.size + undo]?.percentiles([0.1, 0.5, 0.9]) ?? []
  return { attribute, ...names, pairs, undone, share: undone / pairs, users, needs, times: [...times], behavior: undoBehavior(names.first, names.undo, attribute, by) }
}

/** Of the same two types, the attribute that tells most apart decides: what is done to an item is also done in its category. */
function mostSpecific<P extends Counted & { readonly first: number; readonly undo: number }>(tried: readonly P[]): ReadonlySet<P> {
  const best = new Map<string, P>()
  for (const one of tried) {
    const name = JSON.stringify([one.types[one.first], one.types[one.undo]])
    const before = best.get(name)
    if (before === undefined || of(one) > of(before)) best.set(name, one)
  }
  return new Set(best.values())
}

/** How many pairs of user and value have the first. */
function of({ tally, first }: Counted & { readonly first: number }): number {
  return tally.having[first] as number
}
