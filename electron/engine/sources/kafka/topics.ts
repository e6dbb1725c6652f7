import type { KafkaConfig } from 'kafkajs'
import { type BrokerAddress, parseBrokerAddress } from '../../../../shared/connection/broker-address.ts'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { TopicInfo } from '../../../../shared/model/topic.ts'
import { BrokerLink, type ClusterMetadata, type TopicPartitions } from './broker-link.ts'
import { throwIfCancelled } from './cancellation.ts'
import { clientConfig } from './client-config.ts'
import { toConnectFailure } from './failures.ts'

/**
 * Lists the topics that this user may see, by name, with the offsets of their partitions. However many topics there are,
 * it takes one request for all of them and two for each broker. A partition that has no leader just now is left out,
 * since nothing can be read from it.
 *
 * @throws AppError CONNECT_… when no broker answers, or one that leads partitions does not
 */
export async function listTopics(connection: Connection, signal?: AbortSignal): Promise<TopicInfo[]> {
  try {
    const config = clientConfig(connection)
    const metadata = await askAnyBroker(config, connection.brokers, signal)
    const ranges = await readRanges(config, metadata, signal)
    return metadata.topicMetadata
      .filter(({ topicErrorCode }) => topicErrorCode === 0)
      .map(({ topic, isInternal }) => topicInfo(topic, isInternal === true || topic.startsWith('__'), ranges.get(topic) ?? []))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throwIfCancelled(signal)
    throw toConnectFailure(error, { brokers: connection.brokers })
  }
}

type Range = TopicInfo['partitions'][number]

function topicInfo(name: string, internal: boolean, ranges: readonly Range[]): TopicInfo {
  const partitions = [...ranges].sort((a, b) => a.partition - b.partition)
  return { name, internal, partitions, records: Number(partitions.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0n)) }
}

async function askAnyBroker(config: KafkaConfig, brokers: readonly string[], signal: AbortSignal | undefined): Promise<ClusterMetadata> {
  const failures: unknown[] = []
  for (const address of brokers.map(parseBrokerAddress)) {
    if (address === undefined) continue
    try {
      return await withLink(config, address, signal, (link) => link.metadata())
    } catch (error) {
      throwIfCancelled(signal)
      failures.push(error)
    }
  }
  throw new AggregateError(failures, 'No broker could be asked.')
}

async function readRanges(config: KafkaConfig, metadata: ClusterMetadata, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, Range[]>> {
  const ranges = new Map<string, Range[]>()
  const answers = await Promise.all([...partitionsByLeader(metadata)].map(async ([leader, topics]) => {
    const address = metadata.brokers.find(({ nodeId }) => nodeId === leader)
    if (address === undefined) return []
    return withLink(config, address, signal, async (link) => {
      const latest = new Map((await link.offsets(topics, 'latest')).map((found) => [`${found.topic}/${found.partition}`, found]))
      return (await link.offsets(topics, 'earliest')).map((earliest) => ({ earliest, latest: latest.get(`${earliest.topic}/${earliest.partition}`) }))
    })
  }))
  for (const { earliest, latest } of answers.flat()) {
    // the leader has moved since: as good as none
    if (earliest.errorCode !== 0 || latest?.errorCode !== 0) continue
    const known = ranges.get(earliest.topic) ?? []
    known.push({ partition: earliest.partition, earliest: earliest.offset, latest: latest.offset })
    ranges.set(earliest.topic, known)
  }
  return ranges
}

function partitionsByLeader({ topicMetadata }: ClusterMetadata): ReadonlyMap<number, readonly TopicPartitions[]> {
  const leaders = new Map<number, { topic: string; partitions: number[] }[]>()
  for (const { topic, partitionMetadata } of topicMetadata) {
    for (const { leader, partitionId } of partitionMetadata) {
      if (leader < 0) continue
      const topics = leaders.get(leader) ?? []
      leaders.set(leader, topics)
      const last = topics.at(-1)
      if (last?.topic === topic) last.partitions.push(partitionId)
      else topics.push({ topic, partitions: [partitionId] })
    }
  }
  return leaders
}

async function withLink<T>(config: KafkaConfig, address: BrokerAddress, signal: AbortSignal | undefined, use: (link: BrokerLink) => Promise<T>): Promise<T> {
  const link = await BrokerLink.open(config, address, signal)
  try {
    return await use(link)
  } finally {
    link.close()
  }
}
