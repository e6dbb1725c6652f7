import type { TimelineEvents } from '../../charts/timeline/layout.ts'
import type { UserEvents } from './user-events.ts'

/** How one user's events become lanes, and how several users are laid on each other. */
export type Lanes = 'type' | 'session'
export type Align = 'time' | 'day' | 'first' | `type:${string}`

/** Events as the timeline draws them; `user` and `row` lead from an event back to where it is from. */
export interface Arranged {
  readonly events: TimelineEvents
  readonly laneNames: readonly string[]
  readonly typeNames: readonly string[]
  readonly user: Int32Array
  readonly row: Int32Array
  /** The events in the order in which they are read: as they happened for one user, as they are drawn for several. */
  readonly reading: Int32Array
  /** Users that cannot be aligned: they have no such event. */
  readonly left: readonly string[]
}

/** One user in lanes by type, the most frequent first, or by session: pauses longer than `gap` (milliseconds) begin another. */
export function arrangeOne(user: UserEvents, lanes: Lanes, gap: number): Arranged {
  const { time, type, typeNames } = user
  const count = time.length
  const row = Int32Array.from({ length: count }, (_, at) => at)
  const common = { typeNames, user: new Int32Array(count), row, reading: row, left: [] }
  if (lanes === 'type') {
    const counts = new Float64Array(typeNames.length)
    for (const code of type) counts[code] = (counts[code] ?? 0) + 1
    const order = [...typeNames.keys()].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))
    const laneOf = new Int32Array(typeNames.length)
    order.forEach((code, lane) => {
      laneOf[code] = lane
    })
    return { ...common, events: { time, type, lane: type.map((code) => laneOf[code] ?? 0), lanes: typeNames.length }, laneNames: order.map((code) => typeNames[code] ?? '') }
  }
  const lane = new Int32Array(count)
  let session = 0
  for (let row = 1; row < count; row++) {
    if ((time[row] as number) - (time[row - 1] as number) > gap) session++
    lane[row] = session
  }
  // sessions lie under each other from their own beginning: else each would be alone in its lane
  const begins = new Float64Array(session + 1).fill(Number.NaN)
  const shifted = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const own = lane[row] as number
    if (Number.isNaN(begins[own])) begins[own] = time[row] as number
    shifted[row] = (time[row] as number) - (begins[own] as number)
  }
  const names = Array.from(begins, (begin, index) => `${index + 1}: ${new Date(begin).toLocaleString(undefined, { month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`)
  const drawn = sorted({ ...common, events: { time: shifted, type, lane, lanes: session + 1 }, laneNames: count === 0 ? [] : names })
  const reading = new Int32Array(count)
  for (const [at, from] of drawn.row.entries()) reading[from] = at
  return { ...drawn, reading }
}

/** Several users under each other, a lane each. Times are as they are, or count from the moment of alignment. */
export function arrangeMany(users: readonly UserEvents[], align: Align): Arranged {
  const typeNames = [...new Set(users.flatMap((user) => user.typeNames))]
  const codes = new Map(typeNames.map((name, code) => [name, code]))
  const left: string[] = []
  const parts = users.flatMap((user, index) => {
    const origin = originOf(user, align)
    if (origin !== undefined) return [{ user, index, origin }]
    left.push(user.key)
    return []
  })
  const count = parts.reduce((sum, { user }) => sum + user.time.length, 0)
  const events = { time: new Float64Array(count), type: new Int32Array(count), lane: new Int32Array(count), lanes: parts.length }
  const arranged = { events, laneNames: parts.map(({ user }) => user.key), typeNames, user: new Int32Array(count), row: new Int32Array(count), reading: Int32Array.from({ length: count }, (_, at) => at), left }
  let at = 0
  for (const [lane, { user, index, origin }] of parts.entries()) {
    const local = user.typeNames.map((name) => codes.get(name) ?? 0)
    for (let row = 0; row < user.time.length; row++, at++) {
      const time = user.time[row] as number
      events.time[at] = align === 'day' ? timeOfDay(time) : time - origin
      events.type[at] = local[user.type[row] as number] as number
      events.lane[at] = lane
      arranged.user[at] = index
      arranged.row[at] = row
    }
  }
  return sorted(arranged)
}

/** The moment that is zero for a user; undefined when it has none. */
function originOf(user: UserEvents, align: Align): number | undefined {
  if (user.time.length === 0) return undefined
  if (align === 'time' || align === 'day') return 0
  if (align === 'first') return user.time[0]
  const code = user.typeNames.indexOf(align.slice('type:'.length))
  const row = code === -1 ? -1 : user.type.indexOf(code)
  return row === -1 ? undefined : user.time[row]
}

/** Milliseconds since midnight in the user's zone. */
function timeOfDay(time: number): number {
  const date = new Date(time)
  return ((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000 + date.getMilliseconds()
}

/** The drawing needs events in order of the times that it draws. */
function sorted(arranged: Arranged): Arranged {
  const { events } = arranged
  const order = Int32Array.from(events.time.keys()).sort((a, b) => (events.time[a] as number) - (events.time[b] as number) || a - b)
  const pick = <T extends Int32Array | Float64Array>(values: T): T => values.map((_, at) => values[order[at] as number] as number) as T
  return { ...arranged, events: { ...events, time: pick(events.time), type: pick(events.type), lane: pick(events.lane) }, user: pick(arranged.user), row: pick(arranged.row) }
}
