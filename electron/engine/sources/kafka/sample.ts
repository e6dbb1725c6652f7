import type { KafkaConfig } from 'kafkajs'
import { RecordBatchBuilder, type RecordBatch } from '../record-batch.ts'
import { KafkaCluster } from './cluster.ts'
import { toConnectFailure } from './failures.ts'
import { readRecords } from './record-reader.ts'

/** One look at a topic: a single fetch from each partition that has anything. */
const limits = { maxWaitMs: 500, maxBytes: 1024 * 1024 }

/**
 * Reads about `count` of the newest records of a topic, from all of its partitions. Nothing is stored or committed.
 *
 * @throws AppError CONNECT_… as a tail would
 */
export async function sampleTopic(config: KafkaConfig, topic: string, count: number): Promise<RecordBatch> {
  const cluster = new KafkaCluster(config)
  try {
    await cluster.connect(topic)
    const leaders = cluster.leaders(topic)
    const partitions = [...leaders.keys()]
    const earliest = await cluster.earliest(topic, partitions)
    const latest = await cluster.latest(topic, partitions)
    const share = BigInt(Math.ceil(count / Math.max(1, partitions.length)))
    const builder = new RecordBatchBuilder()
    for (const [partition, leader] of leaders) {
      const low = earliest.get(partition) ?? 0n
      const high = latest.get(partition) ?? 0n
      if (high <= low || leader < 0) continue
      const first = Number(high - share > low ? high - share : low)
      const { partitions: fetched } = await cluster.fetch(leader, topic, [{ partition, offset: first }], limits)
      for (const { log, aborted } of fetched) readRecords(log, { partition, next: first, end: first + Number(share) }, aborted, builder)
    }
    return builder.take()
  } catch (error) {
    throw toConnectFailure(error, { brokers: Array.isArray(config.brokers) ? (config.brokers) : [], topic })
  } finally {
    await cluster.disconnect()
  }
}
