import { AppError } from '../../../../shared/errors.ts'
import type { EndAt, StartAt } from '../../../../shared/model/source.ts'
import type { KafkaCluster } from './cluster.ts'

/** A stretch of a partition to read: [first, next), without end where the log is followed. */
export interface Stretch {
  readonly first: bigint
  readonly next: bigint | undefined
}

/** What is to be read of one partition, in order. */
export interface PartitionPlan {
  readonly partition: number
  readonly stretches: readonly Stretch[]
  /** Offsets that were to be read and are gone. */
  readonly gaps: readonly { readonly first: bigint; readonly next: bigint }[]
  /** Where the reading begins, for a partition of which nothing had been read. */
  readonly begins: bigint | undefined
}

/** What has been read of a partition already. */
export type ReadRanges = readonly { readonly first: bigint; readonly next: bigint }[]

/**
 * Decides what to read of each partition of a topic: what lies between start and end and has not been read yet. That is
 * all that makes a restart continue, a second run from the beginning add nothing, and a later run from the beginning fill
 * in what an earlier one from the end had left out.
 *
 * @throws AppError CONNECT_TOPIC when the topic has no partitions, OFFSET_GONE when a start or the stored position lies outside of the log
 */
export async function planTopic(cluster: KafkaCluster, topic: string, start: StartAt, end: EndAt, read: ReadonlyMap<number, ReadRanges>): Promise<readonly PartitionPlan[]> {
  const partitions = [...cluster.leaders(topic).keys()].sort((a, b) => a - b)
  if (partitions.length === 0) throw new AppError('CONNECT_TOPIC', `The topic ${topic} does not exist on these brokers.`, { hint: 'Check the name; `undercurrent topics` lists what is there.' })
  const earliest = await cluster.earliest(topic, partitions)
  const latest = await cluster.latest(topic, partitions)
  const startTimes = start.at === 'time' ? await cluster.at(topic, partitions, start.time) : undefined
  const endTimes = end.at === 'time' ? await cluster.at(topic, partitions, end.time) : undefined

  const readBefore = [...read.values()].some((ranges) => ranges.length > 0)

  return partitions.map((partition) => {
    const low = earliest.get(partition) ?? 0n
    const high = latest.get(partition) ?? 0n
    const ranges = read.get(partition) ?? []
    const lastRead = ranges.at(-1)?.next
    if (lastRead !== undefined && lastRead > high) {
      throw new AppError('OFFSET_GONE', `The log of ${topic}/${partition} ends at offset ${high}, but ${lastRead} offsets of it have been read: the topic was deleted and made anew, or its log was cut.`, {
        hint: 'Tail the new topic into another workspace; what has been read stays as it is.',
      })
    }
    const isNew = readBefore && ranges.length === 0
    const from = startOffset({ start, partition, topic, low, high, lastRead, isNew, atTime: startTimes?.get(partition) })
    const to = endOffset(end, high, endTimes?.get(partition))
    return { partition, ...subtract(from, to, low, ranges), begins: ranges.length === 0 ? from : undefined }
  })
}

interface StartContext {
  readonly start: StartAt
  readonly topic: string
  readonly partition: number
  readonly low: bigint
  readonly high: bigint
  readonly lastRead: bigint | undefined
  /** Whether the topic has been read before, but had not this partition then. */
  readonly isNew: boolean
  readonly atTime: bigint | undefined
}

function startOffset({ start, topic, partition, low, high, lastRead, isNew, atTime }: StartContext): bigint {
  switch (start.at) {
    case 'beginning':
      // what the log has lost since the last run is a gap; what it had lost before the first run never was ours
      return lastRead !== undefined && lastRead < low ? lastRead : low
    case 'latest':
      // nothing may be lost between two runs: what was read before is continued
      return lastRead ?? (isNew ? low : high)
    case 'time':
      return atTime ?? high
    case 'offset':
      if (isNew) return low
      if (start.offset > high || (start.offset < low && (lastRead === undefined || lastRead < low))) {
        throw new AppError('OFFSET_GONE', `Offset ${start.offset} of ${topic}/${partition} is not in the log, which holds ${low} to ${high}.`, {
          hint: start.offset < low ? 'The broker has removed it by retention. Start at the beginning of what is left: --from beginning.' : 'Start at an offset that exists, or --from latest.',
        })
      }
      return start.offset
  }
}

function endOffset(end: EndAt, high: bigint, atTime: bigint | undefined): bigint | undefined {
  switch (end.at) {
    case 'never':
      return undefined
    case 'now':
      return high
    case 'offset':
      return end.offset
    case 'time':
      return atTime ?? high
  }
}

/** [from, to) without what has been read and without what the log no longer has, which becomes gaps. */
function subtract(from: bigint, to: bigint | undefined, low: bigint, read: ReadRanges): Pick<PartitionPlan, 'stretches' | 'gaps'> {
  const stretches: Stretch[] = []
  const gaps: { first: bigint; next: bigint }[] = []
  const add = (first: bigint, next: bigint | undefined): void => {
    if (next !== undefined && next <= low) gaps.push({ first, next })
    else if (first < low) {
      gaps.push({ first, next: low })
      stretches.push({ first: low, next })
    } else stretches.push({ first, next })
  }
  let at = from
  for (const range of read) {
    if (range.next <= at) continue
    if (to !== undefined && range.first >= to) break
    if (range.first > at) add(at, range.first)
    at = range.next
  }
  if (to === undefined || at < to) add(at, to)
  return { stretches, gaps }
}
