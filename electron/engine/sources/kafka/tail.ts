import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaConfig } from 'kafkajs'
import { AppError, toFailure } from '../../../../shared/errors.ts'
import type { EndAt, StartAt } from '../../../../shared/model/source.ts'
import type { Source, SourceSink } from '../source.ts'
import { KafkaCluster } from './cluster.ts'
import { isTransient, toConnectFailure } from './failures.ts'
import type { FetchedPartition } from './fetch-response.ts'
import { within } from './deadline.ts'
import { PartitionCursor } from './cursor.ts'
import { planTopic, type ReadRanges } from './plan.ts'

/** How to tail one topic. */
export interface TailOptions {
  readonly config: KafkaConfig
  readonly topic: string
  readonly start: StartAt
  readonly end: EndAt
  /** The cluster that the topic was read from before; undefined for a topic that is new. */
  readonly clusterId: string | undefined
  /** Hears which cluster the topic is read from, before anything is read. */
  readonly onCluster: (clusterId: string) => Promise<void>
  /** What has been read already, by partition; asked for when the tail starts. */
  readonly read: () => Promise<ReadonlyMap<number, ReadRanges>>
}

/** A fetch waits this long for something new, and brings at most this much. */
const fetchLimits = { maxWaitMs: 500, maxBytes: 4 * 1024 * 1024 }
/** Longer than KafkaJS's own timeouts, which do not cover every wait of its: for a fetch, and for a connection with a login. */
const longestFetchMs = 45_000
const longestConnectMs = 20_000
/** A topic may get more partitions; that is looked for this often. */
const partitionsAgeMs = 10_000
/** A connection that does not end in this time is left alone. */
const goodbyeMs = 2_000
const firstBackoffMs = 250
const longestBackoffMs = 10_000

/** Error codes of the Kafka protocol that a fetched partition may carry. */
const offsetOutOfRange = 1
const topicAuthorizationFailed = 29
/** The leader has moved, is being elected or starts up; learning the metadata anew helps. */
const leaderCodes = new Set([3, 5, 6, 9, 56, 74, 75, 76, 78, 100])

/**
 * Tails one topic: a loop for each broker that leads partitions of it, all writing into one sink, and one that notices
 * partitions that are added. It ends when every
 * partition has reached its end; it never gives up on a broker that is away, and says so while it waits; it throws what
 * no waiting can cure.
 */
export class KafkaTail implements Source {
  private readonly options: TailOptions
  private cluster: KafkaCluster

  constructor(options: TailOptions) {
    this.options = options
    this.cluster = new KafkaCluster(options.config)
  }

  async run(sink: SourceSink, signal: AbortSignal): Promise<void> {
    try {
      const cursors = await this.start(sink)
      await this.follow(cursors, sink, signal)
    } finally {
      await within(goodbyeMs, this.cluster.disconnect()).catch(() => undefined)
    }
  }

  /** A first connection that fails is the user's to mend, so it is not retried. */
  private async start(sink: SourceSink): Promise<PartitionCursor[]> {
    const { topic, start, end, read } = this.options
    const context = { brokers: this.brokers(), topic }
    try {
      await within(longestConnectMs, this.cluster.connect(topic))
      await this.checkCluster()
      const plans = await planTopic(this.cluster, topic, start, end, await read())
      for (const { partition, gaps, begins } of plans) {
        // a partition that gives nothing in this run is continued by the next one all the same
        if (begins !== undefined) await sink.collect((builder) => builder.cover(partition, begins, begins))
        for (const gap of gaps) await sink.collect((builder) => builder.addGap({ partition, ...gap, reason: 'removed by retention before it was read' }))
      }
      const cursors = plans.map((plan) => new PartitionCursor(plan))
      if (end.at !== 'never') sink.notice({ kind: 'total', total: cursors.reduce((sum, cursor) => sum + cursor.remaining, 0) })
      return cursors
    } catch (error) {
      throw toConnectFailure(error, context)
    }
  }

  /** Offsets of one cluster mean nothing in another: going on there would lose events or mix them. */
  private async checkCluster(): Promise<void> {
    const { clusterId } = this.cluster
    if (clusterId === undefined) return
    if (this.options.clusterId === undefined) return this.options.onCluster(clusterId)
    if (this.options.clusterId === clusterId) return
    throw new AppError('CONFLICT', `The topic ${this.options.topic} of this workspace was read from cluster ${this.options.clusterId}; these brokers belong to cluster ${clusterId}.`, {
      hint: 'Tail the other cluster into a workspace of its own.',
    })
  }

  private async follow(cursors: PartitionCursor[], sink: SourceSink, signal: AbortSignal): Promise<void> {
    let backoffMs = firstBackoffMs
    sink.notice({ kind: 'reading' })
    while (!signal.aborted && cursors.some((cursor) => !cursor.isDone)) {
      // one round lives as long as the metadata holds; a failure of any loop ends the round of all
      const round = new AbortController()
      const roundSignal = AbortSignal.any([signal, round.signal])
      let progressed = false
      try {
        const loops = [...this.byLeader(cursors)].map(([node, own]) => this.fetchLoop(node, own, sink, roundSignal, () => (progressed = true)))
        if (this.options.end.at === 'never') loops.push(this.watchPartitions(cursors, sink, roundSignal).then(() => round.abort()))
        const guarded = loops.map(async (loop) => {
          try {
            await loop
          } catch (error) {
            // the first failure ends the round; what the other loops say then only follows from it
            if (roundSignal.aborted) return
            round.abort()
            throw error
          }
        })
        const results = await Promise.allSettled(guarded)
        const failed = results.find((result) => result.status === 'rejected')
        if (failed !== undefined) throw failed.reason
      } catch (error) {
        if (signal.aborted) return
        if (!isTransient(error)) throw toConnectFailure(error, { brokers: this.brokers(), topic: this.options.topic })
        backoffMs = progressed ? firstBackoffMs : Math.min(backoffMs * 2, longestBackoffMs)
        await this.reconnect(error, backoffMs, sink, signal)
      }
    }
  }

  private async fetchLoop(node: number, cursors: readonly PartitionCursor[], sink: SourceSink, signal: AbortSignal, onProgress: () => void): Promise<void> {
    const { topic } = this.options
    const fetch = () => this.cluster.fetch(node, topic, open(cursors).map((cursor) => ({ partition: cursor.partition, offset: cursor.next })), fetchLimits)
    while (!signal.aborted && open(cursors).length > 0) {
      const { partitions } = await within(longestFetchMs, fetch(), signal)
      if (signal.aborted) return
      for (const fetched of partitions) {
        const cursor = cursors.find(({ partition }) => partition === fetched.partition)
        if (cursor !== undefined && !cursor.isDone) await this.take(cursor, fetched, sink)
      }
      onProgress()
      sink.notice({ kind: 'lag', lag: cursors.reduce((sum, cursor) => sum + cursor.lag, 0) })
      if (cursors.every((cursor) => cursor.isDone || cursor.isAtHead)) sink.notice({ kind: 'caught_up' })
      else sink.notice({ kind: 'reading' })
    }
  }

  /** Ends when the topic has partitions that it had not before, which are read from their beginning: all of them came after the tail had started. */
  private async watchPartitions(cursors: PartitionCursor[], sink: SourceSink, signal: AbortSignal): Promise<void> {
    const { topic } = this.options
    for (;;) {
      await sleep(partitionsAgeMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      await within(longestFetchMs, this.cluster.refresh(), signal)
      // one without a leader cannot be read yet
      const added = [...this.cluster.leaders(topic)].filter(([partition, leader]) => leader >= 0 && !cursors.some((cursor) => cursor.partition === partition)).map(([partition]) => partition)
      if (added.length === 0) continue
      const earliest = await within(longestFetchMs, this.cluster.earliest(topic, added), signal)
      for (const partition of added) {
        const first = earliest.get(partition) ?? 0n
        await sink.collect((builder) => builder.cover(partition, first, first))
        cursors.push(new PartitionCursor({ partition, stretches: [{ first, next: undefined }], gaps: [], begins: first }))
      }
      return
    }
  }

  private async take(cursor: PartitionCursor, fetched: FetchedPartition, sink: SourceSink): Promise<void> {
    const { topic } = this.options
    if (fetched.errorCode === offsetOutOfRange) return this.handleLostOffsets(cursor, sink)
    if (fetched.errorCode === topicAuthorizationFailed) throw new AppError('CONNECT_AUTHORIZATION', `The user may not read the topic ${topic}.`, { hint: 'Ask for the right to READ and DESCRIBE this topic.' })
    if (leaderCodes.has(fetched.errorCode)) throw new LeaderMoved(`partition ${cursor.partition} is not led here (code ${fetched.errorCode})`)
    if (fetched.errorCode !== 0) throw new AppError('CONNECT_PROTOCOL', `The broker refuses to read ${topic}/${cursor.partition} with code ${fetched.errorCode}.`)
    await sink.collect((builder) => cursor.read(fetched, builder))
  }

  /** The log begins later than we stand: what lies between is gone and becomes a gap. A log that ends before us was made anew. */
  private async handleLostOffsets(cursor: PartitionCursor, sink: SourceSink): Promise<void> {
    const { topic } = this.options
    const earliest = (await this.cluster.earliest(topic, [cursor.partition])).get(cursor.partition) ?? 0n
    if (earliest <= BigInt(cursor.next)) {
      throw new AppError('OFFSET_GONE', `Offset ${cursor.next} of ${topic}/${cursor.partition} is behind the end of the log: the topic was deleted and made anew, or its log was cut.`, {
        hint: 'Tail the new topic into another workspace; what has been read stays as it is.',
      })
    }
    await sink.collect((builder) => cursor.skipTo(Number(earliest), builder))
  }

  private async reconnect(error: unknown, backoffMs: number, sink: SourceSink, signal: AbortSignal): Promise<void> {
    let failure: unknown = error
    let waitMs = backoffMs
    while (!signal.aborted) {
      const brief = failure instanceof LeaderMoved && waitMs === firstBackoffMs
      // a little chance keeps many readers from returning at the same moment
      const delayMs = brief ? firstBackoffMs : waitMs * (0.75 + Math.random() / 2)
      if (!brief) sink.notice({ kind: 'reconnecting', failure: toFailure(toConnectFailure(failure, { brokers: this.brokers(), topic: this.options.topic })), nextAttempt: Date.now() + delayMs })
      await sleep(delayMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      try {
        await this.renew(signal)
        return
      } catch (again) {
        if (signal.aborted) return
        if (!isTransient(again)) throw toConnectFailure(again, { brokers: this.brokers(), topic: this.options.topic })
        failure = again
        waitMs = Math.min(waitMs * 2, longestBackoffMs)
      }
    }
  }

  /** Learns anew which broker leads which partition, over new connections: KafkaJS never gets over some that were lost. */
  private async renew(signal: AbortSignal): Promise<void> {
    const lost = this.cluster
    this.cluster = new KafkaCluster(this.options.config)
    // nobody waits for what may never end
    lost.disconnect().catch(() => undefined)
    await within(longestConnectMs, this.cluster.connect(this.options.topic), signal)
  }

  private byLeader(cursors: readonly PartitionCursor[]): ReadonlyMap<number, readonly PartitionCursor[]> {
    const leaders = this.cluster.leaders(this.options.topic)
    const groups = new Map<number, PartitionCursor[]>()
    for (const cursor of open(cursors)) {
      const leader = leaders.get(cursor.partition)
      if (leader === undefined || leader < 0) throw new LeaderMoved(`partition ${cursor.partition} has no leader`)
      const group = groups.get(leader) ?? []
      group.push(cursor)
      groups.set(leader, group)
    }
    return groups
  }

  private brokers(): readonly string[] {
    const { brokers } = this.options.config
    return Array.isArray(brokers) ? (brokers) : []
  }
}

/** Metadata is out of date: asking for it again is all that is needed. */
class LeaderMoved extends Error {
  override readonly name = 'LeaderMoved'
  readonly retriable = true
}

function open(cursors: readonly PartitionCursor[]): readonly PartitionCursor[] {
  return cursors.filter((cursor) => !cursor.isDone)
}
