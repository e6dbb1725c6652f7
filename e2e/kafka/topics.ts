import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Broker } from './broker.ts'
import { kafkaClient } from './clients.ts'

export interface TopicOptions {
  /** 1 by default. */
  partitions?: number
  /** Topic settings, as `{ 'retention.ms': '1000' }`. */
  config?: Readonly<Record<string, string>>
}

/**
 * Offsets of one partition: of its first record, and one past its last, or of the first record of a transaction that is
 * not yet decided (kafkajs asks for the last stable offset).
 */
export interface PartitionOffsets {
  partition: number
  start: bigint
  end: bigint
}

/**
 * Creates a topic and waits until its partitions take records.
 * @throws when the topic exists or a setting is wrong
 */
export async function createTopic(broker: Broker, name: string, { partitions = 1, config = {} }: TopicOptions = {}): Promise<void> {
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }))
  await withAdmin(broker, async (admin) => {
    // kafkajs would wait itself, but takes a broker that has not heard of the topic yet for one that never will
    const created = await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions, configEntries }], waitForLeaders: false })
    // kafkajs rejects for any other failure, and resolves false for this one.
    if (!created) throw new Error(`Topic ${name} exists already`)
    const end = Date.now() + 20_000
    while (!(await hasLeaders(admin, name, partitions))) {
      if (Date.now() > end) throw new Error(`Topic ${name} has no leaders after 20 s`)
      await sleep(20)
    }
  })
}

async function hasLeaders(admin: Admin, name: string, partitions: number): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
    return topics.some((topic) => topic.name === name && topic.partitions.filter(({ leader }) => leader >= 0).length === partitions)
  } catch (error) {
    if (error instanceof Error && 'type' in error && (error.type === 'UNKNOWN_TOPIC_OR_PARTITION' || error.type === 'LEADER_NOT_AVAILABLE')) return false
    throw error
  }
}

/** Deletes a topic and its records. */
export async function deleteTopic(broker: Broker, name: string): Promise<void> {
  await withAdmin(broker, (admin) => admin.deleteTopics({ topics: [name] }))
}

/**
 * Deletes the records of a partition below an offset, as retention would, so that the partition starts there.
 * @throws when the offset is beyond the end
 */
export async function deleteRecordsBefore(broker: Broker, topic: string, partition: number, offset: bigint | number): Promise<void> {
  await withAdmin(broker, async (admin) => {
    // kafkajs 2.2.4 does not look up the partition's leader by itself here, but knows it after this.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  })
}

/** Offsets of all partitions of a topic, in order of the partitions. */
export async function topicOffsets(broker: Broker, topic: string): Promise<PartitionOffsets[]> {
  const offsets = await withAdmin(broker, (admin) => admin.fetchTopicOffsets(topic))
  return offsets
    .map(({ partition, low, high }) => ({ partition, start: BigInt(low), end: BigInt(high) }))
    .sort((a, b) => a.partition - b.partition)
}

/** The offset one past the last record of each partition of a topic; transaction markers take an offset too. */
export async function endOffsets(broker: Broker, topic: string): Promise<bigint[]> {
  return (await topicOffsets(broker, topic)).map(({ end }) => end)
}

/** Runs something with a connected kafkajs admin client (listener `plaintext`), for what has no helper here. */
export async function withAdmin<T>(broker: Broker, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(broker).admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}
