import type { Header } from '../decode/record.ts'

/**
 * Records of one source as columns, in the order they were read. Column arrays all have `size` elements.
 * A batch also says how far it covers each partition, because a log has offsets without records
 * (compaction, transaction markers): those count as read too.
 */
export interface RecordBatch {
  readonly size: number
  readonly partitions: Int32Array
  readonly offsets: BigInt64Array
  /** The broker's timestamp in microseconds since the epoch. */
  readonly brokerTimes: BigInt64Array
  readonly keys: readonly (Buffer | null)[]
  readonly values: readonly (Buffer | null)[]
  /** null for a record without headers. */
  readonly headers: readonly (readonly Header[] | null)[]
  /** Bytes of keys, values and headers: what the queues are bounded by. */
  readonly bytes: number
  readonly progress: readonly PartitionProgress[]
  readonly gaps: readonly Gap[]
  /** Rows, by their index, that their source could not read as they should be, and why: they become dead letters. */
  readonly problems: ReadonlyMap<number, string>
  /** When the oldest record of the batch arrived here: epoch milliseconds. */
  readonly arrivedAt: number
}

/** What a batch covers of one partition: every record in [first, next) is in this batch or was in no batch because it does not exist. */
export interface PartitionProgress {
  readonly partition: number
  readonly first: bigint
  readonly next: bigint
}

/** Offsets [first, next) that were gone before they could be read. */
export interface Gap {
  readonly partition: number
  readonly first: bigint
  readonly next: bigint
  readonly reason: string
}

const initialRows = 1024

/**
 * Builds a batch record by record; `take` hands it over and starts anew. Offsets and times are plain numbers here: both
 * are exact below 2^53, which an offset never reaches and a time in microseconds reaches in the year 2255.
 */
export class RecordBatchBuilder {
  private count = 0
  private partitions = new Int32Array(initialRows)
  private offsets = new Float64Array(initialRows)
  private brokerTimes = new Float64Array(initialRows)
  private keys: (Buffer | null)[] = []
  private values: (Buffer | null)[] = []
  private headers: (readonly Header[] | null)[] = []
  private byteCount = 0
  private arrivedAt = 0
  private gaps: Gap[] = []
  private problems = new Map<number, string>()
  private covered: { partition: number; first: bigint; next: bigint }[] = []

  get size(): number {
    return this.count
  }

  get bytes(): number {
    return this.byteCount
  }

  /** True when the builder neither holds records nor covers offsets. */
  get isEmpty(): boolean {
    return this.covered.length === 0
  }

  /** Adds one record. `brokerTime` in microseconds since the epoch. */
  add(partition: number, offset: number, brokerTime: number, key: Buffer | null, value: Buffer | null, headers: readonly Header[] | null): void {
    if (this.count === this.offsets.length) this.grow()
    if (this.count === 0) this.arrivedAt = Date.now()
    this.partitions[this.count] = partition
    this.offsets[this.count] = offset
    this.brokerTimes[this.count] = brokerTime
    this.count++
    this.keys.push(key)
    this.values.push(value)
    this.headers.push(headers)
    // 64 bytes stand for the row's own cost, so that a million empty records are not free
    this.byteCount += 64 + (key === null ? 0 : key.byteLength) + (value === null ? 0 : value.byteLength)
    if (headers !== null) for (const header of headers) this.byteCount += header.name.length + (header.value?.byteLength ?? 0)
  }

  /** Says why the record that was added last is no event. */
  markProblem(problem: string): void {
    this.problems.set(this.count - 1, problem)
  }

  /** Says that everything of a partition in [first, next) has been read. */
  cover(partition: number, first: bigint, next: bigint): void {
    if (this.arrivedAt === 0) this.arrivedAt = Date.now()
    const last = this.covered.findLast((range) => range.partition === partition)
    if (last?.next === first) last.next = next
    else this.covered.push({ partition, first, next })
  }

  /** Covers offsets that are gone, and says so. */
  addGap(gap: Gap): void {
    this.cover(gap.partition, gap.first, gap.next)
    this.gaps.push(gap)
  }

  /** The batch so far; the builder is empty afterwards. */
  take(): RecordBatch {
    const batch: RecordBatch = {
      size: this.count,
      partitions: this.partitions.slice(0, this.count),
      offsets: toBigInts(this.offsets, this.count),
      brokerTimes: toBigInts(this.brokerTimes, this.count),
      keys: this.keys,
      values: this.values,
      headers: this.headers,
      bytes: this.byteCount,
      progress: this.covered,
      gaps: this.gaps,
      problems: this.problems,
      arrivedAt: this.arrivedAt,
    }
    this.count = 0
    this.keys = []
    this.values = []
    this.headers = []
    this.byteCount = 0
    this.arrivedAt = 0
    this.gaps = []
    this.problems = new Map()
    this.covered = []
    return batch
  }

  private grow(): void {
    const size = this.offsets.length * 2
    this.partitions = enlarge(this.partitions, new Int32Array(size))
    this.offsets = enlarge(this.offsets, new Float64Array(size))
    this.brokerTimes = enlarge(this.brokerTimes, new Float64Array(size))
  }
}

function enlarge<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Writes numbers as 64-bit integers by halves: several times faster than a BigInt a row. Little-endian, as DuckDB's vectors. */
function toBigInts(numbers: Float64Array, count: number): BigInt64Array {
  const result = new BigInt64Array(count)
  const halves = new Int32Array(result.buffer)
  for (let index = 0; index < count; index++) {
    const value = numbers[index] ?? 0
    // storing into an Int32Array keeps the low 32 bits of an integer, exactly below 2^53
    halves[2 * index] = value
    halves[2 * index + 1] = Math.floor(value / 4_294_967_296)
  }
  return result
}
