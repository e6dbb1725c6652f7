import { usersOf, type Sequences, type ShownSequences } from './sequences.ts'

/** What lies under each other: the first event, the first or last of a type, the day of the first event, or nothing (the clock). */
export type Alignment = { readonly kind: 'first' | 'day' | 'clock' } | { readonly kind: 'type'; readonly type: number; readonly last: boolean }

/** Where each user's zero is. */
export interface Origins {
  /** Epoch milliseconds; NaN where the user has none. */
  readonly time: Float64Array
  /** The event of the whole sequences that is aligned, or -1. */
  readonly event: Int32Array
}

/** The zero of each user. Times of day are those of the user's zone, from the midnight before the first event. */
export function originsOf(sequences: Sequences, alignment: Alignment): Origins {
  const users = usersOf(sequences)
  const origins = { time: new Float64Array(users).fill(Number.NaN), event: new Int32Array(users).fill(-1) }
  for (let user = 0; user < users; user++) {
    const event = alignedEvent(sequences, user, alignment)
    if (event === -1) continue
    const time = sequences.time[event] as number
    origins.event[user] = event
    origins.time[user] = alignment.kind === 'clock' ? 0 : alignment.kind === 'day' ? new Date(time).setHours(0, 0, 0, 0) : time
  }
  return origins
}

function alignedEvent({ starts, type }: Sequences, user: number, alignment: Alignment): number {
  const start = starts[user] as number
  const end = starts[user + 1] as number
  if (start === end) return -1
  if (alignment.kind !== 'type') return start
  const found = alignment.last ? type.lastIndexOf(alignment.type, end - 1) : type.indexOf(alignment.type, start)
  return found >= start && found < end ? found : -1
}

/**
 * Where each event that is shown lies: milliseconds or steps from its user's zero, NaN where there is none. In steps the
 * aligned event is 0; where it is hidden, that is the first event shown after it.
 */
export function positionsOf(whole: Sequences, shown: ShownSequences, origins: Origins, scale: 'time' | 'step'): Float64Array {
  const positions = new Float64Array(shown.time.length)
  for (let user = 0; user < usersOf(shown); user++) {
    const start = shown.starts[user] as number
    const end = shown.starts[user + 1] as number
    const zero = scale === 'step' ? zeroStep(whole, shown, user, origins.event[user] as number) : 0
    const time = origins.time[user] as number
    for (let event = start; event < end; event++) positions[event] = scale === 'step' ? event - zero : (shown.time[event] as number) - time
  }
  return positions
}

function zeroStep(whole: Sequences, { starts, original, type }: ShownSequences, user: number, aligned: number): number {
  if (aligned === -1) return Number.NaN
  const start = starts[user] as number
  const end = starts[user + 1] as number
  let after = start
  while (after < end && (original[after] as number) <= aligned) after++
  // a hidden type is never that of an event that is shown
  return after > start && type[after - 1] === whole.type[aligned] ? after - 1 : after
}
