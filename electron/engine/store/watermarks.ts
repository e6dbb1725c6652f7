import { readNumbers } from './arrow.ts'
import type { DuckDBConnection } from './database.ts'
import { emptyPartition, type PartitionState, type PartitionStates } from './partitions.ts'

/** An event that came behind the watermark of its partition. */
export interface LateRow {
  readonly partition: number
  readonly offset: bigint
}

/** A time further ahead of the broker's clock than this (a client's clock gone wrong) must not make everything after it late. Microseconds. */
const farAhead = 86_400_000_000

/** Stands for "no time" in a column of doubles: a dead letter. */
const noTime = -1e300

interface Counting {
  newestTime: number
  events: number
  dead: number
  late: number
  bytes: number
}

/**
 * Follows the newest event time of each partition over the rows of the temporary table `mapped`, in the order of the log,
 * and finds what came too late. It depends on the log alone, not on where batches were cut. Counted in JavaScript over
 * whole columns: a window function in SQL costs five times as much. Times are microseconds as doubles, exact until 2255.
 */
export class Watermarks {
  readonly late: LateRow[] = []
  private readonly latenessUs: number
  private readonly before: PartitionStates
  private readonly counting = new Map<number, Counting>()

  constructor(latenessMs: number, states: PartitionStates) {
    this.latenessUs = latenessMs * 1000
    this.before = states
  }

  /** The partitions' states with the rows counted in. */
  get states(): PartitionStates {
    const counted = [...this.counting].map(([partition, { newestTime, ...counts }]): [number, PartitionState] => {
      const state = this.before.get(partition) ?? emptyPartition
      return [partition, { ...state, ...counts, newestTime: newestTime === noTime ? undefined : BigInt(newestTime) }]
    })
    return new Map([...this.before, ...counted])
  }

  /** True when rows of the batch are dead letters. */
  get hasDead(): boolean {
    return [...this.counting].some(([partition, { dead }]) => dead > (this.before.get(partition)?.dead ?? 0))
  }

  /** Reads `mapped` once. */
  async pass(connection: DuckDBConnection): Promise<void> {
    const [partitions, times, brokerTimes, bytes, offsets] = (await readNumbers(
      await connection.run(
        `SELECT partition, CASE WHEN reason IS NULL THEN epoch_us(time)::DOUBLE ELSE ${noTime} END, epoch_us(broker_time)::DOUBLE,
           (coalesce(octet_length(payload), 0) + coalesce(octet_length(record_key), 0))::DOUBLE, "offset"::DOUBLE FROM mapped`,
      ),
    )) as [Int32Array, Float64Array, Float64Array, Float64Array, Float64Array]
    for (let row = 0; row < partitions.length; row++) {
      const partition = partitions[row] as number
      if (this.isLate(partition, times[row] as number, brokerTimes[row] as number, bytes[row] as number)) this.late.push({ partition, offset: BigInt(offsets[row] as number) })
    }
  }

  private isLate(partition: number, time: number, brokerTime: number, bytes: number): boolean {
    let counts = this.counting.get(partition)
    if (counts === undefined) {
      const { ranges: _, newestTime, ...known } = this.before.get(partition) ?? emptyPartition
      counts = { ...known, newestTime: newestTime === undefined ? noTime : Number(newestTime) }
      this.counting.set(partition, counts)
    }
    counts.bytes += bytes
    if (time === noTime) {
      counts.dead++
      return false
    }
    counts.events++
    const late = time < counts.newestTime - this.latenessUs
    if (late) counts.late++
    if (time <= brokerTime + farAhead) counts.newestTime = Math.max(counts.newestTime, time)
    return late
  }
}
