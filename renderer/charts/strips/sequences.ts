/** Sequences of many users as columns: the events of user u lie at [starts[u], starts[u + 1]), in order. */
export interface Sequences {
  /** One more than there are users. */
  readonly starts: Int32Array
  /** Epoch milliseconds. */
  readonly time: Float64Array
  /** By its place in some list of types. */
  readonly type: Int32Array
}

/** Sequences of which some events are left out. */
export interface ShownSequences extends Sequences {
  /** The event of the whole sequences that each event here is, or the first of those that it stands for. */
  readonly original: Int32Array
  /** How many events in a row each stands for. */
  readonly count: Int32Array
}

/** How many users there are. */
export const usersOf = ({ starts }: Sequences): number => starts.length - 1

/** The sequences without some types, and, with `collapse`, with one event for several of one type in a row. */
export function simplified({ starts, time, type }: Sequences, hidden: ReadonlySet<number>, collapse: boolean): ShownSequences {
  const shownStarts = new Int32Array(starts.length)
  const original = new Int32Array(time.length)
  const count = new Int32Array(time.length)
  let shown = 0
  for (let user = 0; user + 1 < starts.length; user++) {
    const start = shown
    for (let event = starts[user] as number; event < (starts[user + 1] as number); event++) {
      if (hidden.has(type[event] as number)) continue
      if (collapse && shown > start && type[original[shown - 1] as number] === type[event]) {
        count[shown - 1] = (count[shown - 1] as number) + 1
        continue
      }
      original[shown] = event
      count[shown] = 1
      shown++
    }
    shownStarts[user + 1] = shown
  }
  const kept = original.slice(0, shown)
  return { starts: shownStarts, original: kept, count: count.slice(0, shown), time: Float64Array.from(kept, (event) => time[event] as number), type: Int32Array.from(kept, (event) => type[event] as number) }
}
