/** Sequences of items one behind the other: sequence s has the places from `starts[s]` up to `starts[s + 1]`. */
export interface SequenceData {
  /** Codes from 0 up to `itemCount`; what stands for several events that come to the same is one item. */
  readonly items: Int32Array
  readonly starts: Int32Array
  /** Microseconds, ascending within a sequence; needed only where a limit of time is set. */
  readonly time: Float64Array
  readonly itemCount: number
}

/** The same sequences with one item for each run of equal ones; its time is that of the first. */
export function collapseRuns({ items, starts, time, itemCount }: SequenceData): SequenceData {
  const kept = new Int32Array(items.length)
  const keptTime = new Float64Array(items.length)
  const newStarts = new Int32Array(starts.length)
  let length = 0
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    newStarts[sequence] = length
    const first = starts[sequence] as number
    for (let at = first; at < (starts[sequence + 1] as number); at++) {
      if (at > first && items[at] === items[at - 1]) continue
      kept[length] = items[at] as number
      keptTime[length++] = time[at] as number
    }
  }
  newStarts[starts.length - 1] = length
  return { items: kept.slice(0, length), starts: newStarts, time: keptTime.slice(0, length), itemCount }
}

/** The same events, each sequence cut where two neighbors are further apart than a gap (microseconds). */
export function cutSessions(data: SequenceData, gap: number): SequenceData {
  const { starts, time } = data
  const cuts: number[] = []
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    const first = starts[sequence] as number
    for (let at = first; at < (starts[sequence + 1] as number); at++) if (at === first || (time[at] as number) - (time[at - 1] as number) > gap) cuts.push(at)
  }
  cuts.push(data.items.length)
  return { ...data, starts: Int32Array.from(cuts) }
}
