/** Events of timelines as the drawing takes them, in order of time. */
export interface TimelineEvents {
  /** Epoch milliseconds, ascending. */
  readonly time: Float64Array
  /** The lane of each event. */
  readonly lane: Int32Array
  /** The type of each event, by its place in some list of types. */
  readonly type: Int32Array
  readonly lanes: number
}

/** What is seen: a range of time over so many pixels. */
export interface Viewport {
  readonly from: number
  readonly to: number
  readonly width: number
}

/** Something to draw: one event, or several that would cover each other. */
export interface Mark {
  readonly lane: number
  /** Pixels from the left edge, middle of the mark. */
  readonly x: number
  readonly count: number
  /** The first of its events. */
  readonly first: number
  /** The last of its events. */
  readonly last: number
  /** The type of all of them, or -1 when they differ. */
  readonly type: number
}

/** Marks nearer than this become one, in pixels. */
export const markPitch = 9

/** The events of each lane, in order of time: what makes drawing a part of a long timeline cost only that part. */
export function laneIndex({ lane, lanes }: TimelineEvents): readonly Int32Array[] {
  const counts = new Int32Array(lanes)
  for (const one of lane) counts[one] = (counts[one] ?? 0) + 1
  const index = Array.from(counts, (count) => new Int32Array(count))
  const filled = new Int32Array(lanes)
  for (let event = 0; event < lane.length; event++) {
    const one = lane[event] as number
    ;(index[one] as Int32Array)[filled[one] as number] = event
    filled[one] = (filled[one] as number) + 1
  }
  return index
}

/** The marks of what is seen. Every event in the range is in exactly one mark. */
export function layoutMarks(events: TimelineEvents, index: readonly Int32Array[], { from, to, width }: Viewport): readonly Mark[] {
  const marks: Mark[] = []
  const scale = width / (to - from)
  for (const [lane, own] of index.entries()) {
    let at = firstAtOrAfter(events.time, own, from)
    while (at < own.length) {
      const first = own[at] as number
      const time = events.time[first] as number
      if (time > to) break
      // marks lie on a grid that moves with the time, so that panning does not shuffle which events share a mark
      const slot = Math.floor((time * scale) / markPitch)
      const end = ((slot + 1) * markPitch) / scale
      let type = events.type[first] as number
      let last = first
      let count = 0
      while (at < own.length) {
        const event = own[at] as number
        const eventTime = events.time[event] as number
        if (eventTime > to || (count > 0 && eventTime >= end)) break
        if (events.type[event] !== type) type = -1
        last = event
        count++
        at++
      }
      marks.push({ lane, x: ((time + (events.time[last] as number)) / 2 - from) * scale, count, first, last, type })
    }
  }
  return marks
}

/** The mark that is nearest to a place in a lane, when it is near enough to be meant. */
export function markAt(marks: readonly Mark[], lane: number, x: number): Mark | undefined {
  let best: Mark | undefined
  for (const mark of marks) {
    if (mark.lane !== lane || Math.abs(mark.x - x) > markPitch) continue
    if (best === undefined || Math.abs(mark.x - x) < Math.abs(best.x - x)) best = mark
  }
  return best
}

/** A range zoomed by a factor around a time, never shorter than a millisecond. */
export function zoomed({ from, to }: { readonly from: number; readonly to: number }, factor: number, around: number): { readonly from: number; readonly to: number } {
  const length = Math.max(1, (to - from) * factor)
  const share = (around - from) / (to - from)
  return { from: around - length * share, to: around + length * (1 - share) }
}

/** The range that shows all events, with a little room at both ends. */
export function fitAll(time: Float64Array): { readonly from: number; readonly to: number } {
  const first = time[0] ?? 0
  const last = time[time.length - 1] ?? first
  const room = Math.max(500, (last - first) * 0.03)
  return { from: first - room, to: last + room }
}

function firstAtOrAfter(time: Float64Array, own: Int32Array, from: number): number {
  let low = 0
  let high = own.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((time[own[middle] as number] as number) < from) low = middle + 1
    else high = middle
  }
  return low
}
