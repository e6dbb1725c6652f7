import { Patterns } from './patterns.ts'
import type { SequenceData } from './sequence-data.ts'
import { SupportFloor } from './support-floor.ts'
import { TooManyPatterns, tooMany } from './too-many.ts'

/** What is looked for. */
export interface MineOptions {
  /** In how many sequences a pattern must be. */
  readonly minSupport: number
  /** In items. */
  readonly maxLength: number
  /** How many other items may stand between two of a pattern; any number where it is left out. */
  readonly maxBetween?: number | undefined
  /** How long after an item the next one may come at most, inclusive, in microseconds. */
  readonly maxGap?: number | undefined
  /** Whether an item may stand twice in a row in a pattern. */
  readonly repeats: boolean
  /** Only so many, those with the highest support, and all that have as much as the last of these. */
  readonly top?: number | undefined
  /** More than these are refused. */
  readonly mostPatterns: number
  /** Only these are counted, whatever their support: the children of each pattern, by item. */
  readonly only?: (pattern: number) => ReadonlySet<number>
}

/** What can follow at one depth: the extensions of one pattern, and where each ends in every sequence. */
interface Level {
  pattern: number
  items: number[]
  supports: number[]
  /** Ends of extension e: from `offsets[e]` up to `offsets[e + 1]`. */
  offsets: number[]
  ends: Int32Array
  next: number
  /** The sum of `supports`, and of those that are done. */
  total: number
  done: number
}

/**
 * Finds every pattern that is in enough sequences: depth first, each pattern with the places where it ends (PrefixSpan's
 * pseudo-projection, Pei et al. 2001). Without limits of distance the first end in each sequence is enough, and how many
 * different items lie behind a place says when to stop looking (LAPIN, Yang et al. 2007). With limits all ends are kept.
 *
 * Runs in portions, so that whoever runs it can show progress, cancel and let others have their turn.
 */
export class Miner {
  readonly patterns = new Patterns()
  private readonly data: SequenceData
  private readonly options: MineOptions
  /** The items, with a mark before each sequence: a place to begin from. */
  private readonly items: Int32Array | Uint8Array
  private readonly time: Float64Array | undefined
  /** How many different items lie behind a place in its sequence. */
  private readonly behind: Int32Array | Uint8Array
  private readonly sequenceOf: Int32Array | undefined
  private readonly floor: SupportFloor
  private readonly counts: Int32Array
  private readonly sizes: Int32Array
  private readonly seen: Int32Array
  private readonly cursor: Int32Array
  private readonly levels: Level[] = []
  private depth = 0
  private stamp = 0
  private work = 0

  constructor(data: SequenceData, options: MineOptions) {
    this.data = data
    this.options = options
    const { itemCount, starts } = data
    const sequences = starts.length - 1
    const isLimited = options.maxBetween !== undefined || options.maxGap !== undefined
    this.items = new (itemCount < 255 ? Uint8Array : Int32Array)(data.items.length + sequences)
    this.behind = new (itemCount < 255 ? Uint8Array : Int32Array)(isLimited ? 0 : this.items.length)
    this.time = isLimited && options.maxGap !== undefined ? new Float64Array(this.items.length) : undefined
    this.sequenceOf = isLimited ? new Int32Array(this.items.length) : undefined
    this.floor = new SupportFloor(options.minSupport, options.top)
    this.counts = new Int32Array(itemCount + 1)
    this.sizes = new Int32Array(itemCount + 1)
    this.seen = new Int32Array(itemCount + 1).fill(-1)
    this.cursor = new Int32Array(itemCount + 1)
    const roots = this.layOut()
    this.expand(0, -1, -1, roots, 0, roots.length)
  }

  /** How much of the search is done, about: a share from 0 to 1. */
  get share(): number {
    let [share, weight] = [0, 1]
    for (let at = 0; at <= this.depth && at < this.levels.length; at++) {
      const { total, done, supports, next } = this.levels[at] as Level
      if (total === 0) break
      share += (weight * done) / total
      weight *= (supports[next - 1] ?? 0) / total
    }
    return this.depth < 0 ? 1 : share
  }

  /**
   * Goes on for about so many places.
   *
   * @returns whether all is found
   * @throws TooManyPatterns when there are, or will surely be, more than `mostPatterns`
   */
  run(places: number): boolean {
    this.work = 0
    while (this.depth >= 0) {
      const level = this.levels[this.depth] as Level
      if (level.next > 0) level.done += level.supports[level.next - 1] as number
      if (level.next === level.items.length) {
        this.depth--
        continue
      }
      const at = level.next++
      const support = level.supports[at] as number
      if (support < this.floor.value) continue
      const item = level.items[at] as number
      const pattern = this.patterns.add(level.pattern, item, support)
      this.floor.add(support)
      this.refuseTooMany()
      if (this.patterns.length(pattern) < this.options.maxLength) {
        this.expand(this.depth + 1, pattern, item, level.ends, level.offsets[at] as number, level.offsets[at + 1] as number)
        this.depth++
      }
      if (this.work > places) return false
    }
    return true
  }

  /** The patterns that are asked for, in the order in which they were found. */
  found(): number[] {
    return Array.from({ length: this.patterns.size }, (_, pattern) => pattern).filter((pattern) => this.patterns.support(pattern) >= this.floor.value)
  }

  private refuseTooMany(): void {
    const { mostPatterns, top } = this.options
    // the best of very long sequences are in all of them, and without number
    const isEndless = top === undefined ? tooMany(this.patterns.size, this.share, mostPatterns) : this.patterns.size > 10 * mostPatterns
    if (isEndless) throw new TooManyPatterns(this.patterns.size, this.share, mostPatterns)
  }

  /** Writes the items down with a mark before each sequence, and returns the places of the marks. */
  private layOut(): Int32Array {
    const { items, starts, time, itemCount } = this.data
    const roots = new Int32Array(starts.length - 1)
    for (let sequence = 0, to = 0; sequence < roots.length; sequence++) {
      const [first, end] = [starts[sequence] as number, starts[sequence + 1] as number]
      const root = to++
      roots[sequence] = root
      this.items[root] = itemCount
      for (let at = first; at < end; at++) {
        this.items[to] = items[at] as number
        if (this.time !== undefined) this.time[to] = time[at] as number
        to++
      }
      this.sequenceOf?.fill(sequence, root, to)
      if (this.sequenceOf === undefined) this.countBehind(root, to)
    }
    return roots
  }

  private countBehind(root: number, end: number): void {
    this.stamp++
    let different = 0
    for (let at = end - 1; at >= root; at--) {
      this.behind[at] = different
      const item = this.items[at] as number
      if (this.seen[item] === this.stamp) continue
      this.seen[item] = this.stamp
      different++
    }
  }

  /** Finds what can follow a pattern that ends at some places, and writes it into the level of a depth. */
  private expand(depth: number, pattern: number, last: number, ends: Int32Array, from: number, to: number): void {
    this.counts.fill(0)
    this.sizes.fill(0)
    const isLeaf = this.patternLength(pattern) + 1 >= this.options.maxLength
    if (this.sequenceOf === undefined) this.countFirst(ends, from, to)
    else this.countAll(ends, from, to, pattern === -1)
    const level = this.levelAt(depth, pattern)
    const only = this.options.only?.(pattern)
    for (let item = 0; item < this.data.itemCount; item++) {
      this.cursor[item] = -1
      if (only === undefined ? (this.counts[item] as number) < this.floor.value || (item === last && !this.options.repeats) : !only.has(item)) continue
      level.items.push(item)
    }
    level.items.sort((a, b) => (this.counts[b] as number) - (this.counts[a] as number) || a - b)
    let size = 0
    for (const item of level.items) {
      level.supports.push(this.counts[item] as number)
      level.total += this.counts[item] as number
      level.offsets.push(size)
      this.cursor[item] = size
      size += this.sizes[item] as number
    }
    level.offsets.push(size)
    if (isLeaf || size === 0) return
    if (level.ends.length < size) level.ends = new Int32Array(Math.max(size, Math.min(level.ends.length * 2, this.items.length)))
    if (this.sequenceOf === undefined) this.writeFirst(ends, from, to, level.ends)
    else this.writeAll(ends, from, to, level.ends, pattern === -1)
  }

  private patternLength(pattern: number): number {
    return pattern === -1 ? 0 : this.patterns.length(pattern)
  }

  private levelAt(depth: number, pattern: number): Level {
    const level = (this.levels[depth] ??= { pattern, items: [], supports: [], offsets: [], ends: new Int32Array(0), next: 0, total: 0, done: 0 })
    Object.assign(level, { pattern, items: [], supports: [], offsets: [], next: 0, total: 0, done: 0 })
    return level
  }

  /** Counts in how many sequences each item comes behind the place where a pattern ends first. */
  private countFirst(ends: Int32Array, from: number, to: number): void {
    const { items, behind, seen, counts, sizes } = this
    let stamp = this.stamp
    for (let end = from; end < to; end++) {
      let place = ends[end] as number
      stamp++
      for (let left = behind[place] as number; left > 0; ) {
        const item = items[++place] as number
        if (seen[item] === stamp) continue
        seen[item] = stamp
        counts[item] = (counts[item] as number) + 1
        left--
      }
    }
    sizes.set(counts)
    this.stamp = stamp
    this.work += to - from
  }

  /** Writes down where each item that is wanted comes first behind these places. */
  private writeFirst(ends: Int32Array, from: number, to: number, into: Int32Array): void {
    const { items, behind, seen, cursor } = this
    let stamp = this.stamp
    for (let end = from; end < to; end++) {
      let place = ends[end] as number
      stamp++
      for (let left = behind[place] as number; left > 0; ) {
        const item = items[++place] as number
        if (seen[item] === stamp) continue
        seen[item] = stamp
        left--
        const at = cursor[item] as number
        if (at === -1) continue
        into[at] = place
        cursor[item] = at + 1
      }
    }
    this.stamp = stamp
  }

  /** Counts the places of each item within the limits behind any end of a pattern, and in how many sequences they lie. */
  private countAll(ends: Int32Array, from: number, to: number, isRoot: boolean): void {
    const { seen, counts, sizes, items } = this
    const sequenceOf = this.sequenceOf as Int32Array
    // sequences of one expansion are told apart from those of the one before
    seen.fill(-1)
    this.eachWithin(ends, from, to, isRoot, (place) => {
      const item = items[place] as number
      sizes[item] = (sizes[item] as number) + 1
      const sequence = sequenceOf[place] as number
      if (seen[item] === sequence) return
      seen[item] = sequence
      counts[item] = (counts[item] as number) + 1
    })
  }

  private writeAll(ends: Int32Array, from: number, to: number, into: Int32Array, isRoot: boolean): void {
    const { cursor, items } = this
    this.eachWithin(ends, from, to, isRoot, (place) => {
      const at = cursor[items[place] as number] as number
      if (at === -1) return
      into[at] = place
      cursor[items[place] as number] = at + 1
    })
  }

  /** Every place within the limits behind any of these ends, once, in order. Windows never end before those of earlier ends. */
  private eachWithin(ends: Int32Array, from: number, to: number, isRoot: boolean, visit: (place: number) => void): void {
    const { items, time } = this
    const mark = this.data.itemCount
    const reach = isRoot ? Number.POSITIVE_INFINITY : (this.options.maxBetween ?? Number.POSITIVE_INFINITY) + 1
    const gap = isRoot ? Number.POSITIVE_INFINITY : (this.options.maxGap ?? Number.POSITIVE_INFINITY)
    let visited = -1
    for (let end = from; end < to; end++) {
      const start = ends[end] as number
      const latest = time === undefined || isRoot ? Number.POSITIVE_INFINITY : (time[start] as number) + gap
      const last = Math.min(items.length - 1, start + reach)
      for (let place = Math.max(start, visited) + 1; place <= last; place++) {
        if (items[place] === mark || (time !== undefined && (time[place] as number) > latest)) break
        visit(place)
        visited = place
      }
    }
    this.work += to - from
  }
}
