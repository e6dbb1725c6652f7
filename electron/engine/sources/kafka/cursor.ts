import type { RecordBatchBuilder } from '../record-batch.ts'
import type { FetchedPartition } from './fetch-response.ts'
import type { PartitionPlan, Stretch } from './plan.ts'
import { readRecords } from './record-reader.ts'

/** Where the reading of one partition stands: its stretches are read one after the other. */
export class PartitionCursor {
  readonly partition: number
  private readonly stretches: Stretch[]
  private offset: number
  private head: number | undefined

  constructor(plan: PartitionPlan) {
    this.partition = plan.partition
    this.stretches = [...plan.stretches]
    this.offset = Number(this.stretches[0]?.first ?? 0n)
  }

  /** True when everything that was planned has been read. */
  get isDone(): boolean {
    return this.stretches.length === 0
  }

  /** The offset to fetch next. */
  get next(): number {
    return this.offset
  }

  /** True when nothing is left in the log for now. */
  get isAtHead(): boolean {
    return this.head !== undefined && this.offset >= this.head
  }

  /** Records between here and the head of the log. */
  get lag(): number {
    return this.isDone || this.head === undefined ? 0 : Math.max(0, this.head - this.offset)
  }

  /** Offsets that are planned to be read, where the end is known. */
  get remaining(): number {
    return this.stretches.reduce((sum, stretch) => sum + (stretch.next === undefined ? 0 : Number(stretch.next - stretch.first)), 0)
  }

  /** Puts what was fetched into the batch, and moves on. */
  read(fetched: FetchedPartition, builder: RecordBatchBuilder): void {
    const [stretch] = this.stretches
    if (stretch === undefined) return
    this.head = Number(fetched.lastStableOffset >= 0n ? fetched.lastStableOffset : fetched.highWatermark)
    const wanted = { partition: this.partition, next: this.offset, end: stretch.next === undefined ? undefined : Number(stretch.next) }
    const next = readRecords(fetched.log, wanted, fetched.aborted, builder)
    if (next > this.offset) builder.cover(this.partition, BigInt(this.offset), BigInt(next))
    this.moveTo(next)
  }

  /** Leaves out offsets that the log no longer has, as a gap. */
  skipTo(offset: number, builder: RecordBatchBuilder): void {
    const [stretch] = this.stretches
    const end = stretch?.next === undefined ? offset : Math.min(offset, Number(stretch.next))
    builder.addGap({ partition: this.partition, first: BigInt(this.offset), next: BigInt(end), reason: 'removed by retention before it was read' })
    this.moveTo(end)
  }

  private moveTo(offset: number): void {
    this.offset = offset
    const [stretch] = this.stretches
    if (stretch?.next === undefined || offset < Number(stretch.next)) return
    this.stretches.shift()
    this.offset = Number(this.stretches[0]?.first ?? BigInt(offset))
  }
}
