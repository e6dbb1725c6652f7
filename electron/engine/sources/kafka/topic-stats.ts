import type { Connection } from '../../../../shared/model/connection.ts'
import type { CallOutput } from '../../../../shared/contract/calls.ts'
import { RecordBatchBuilder } from '../record-batch.ts'
import { clientConfig } from './client-config.ts'
import { KafkaCluster } from './cluster.ts'
import { toConnectFailure } from './failures.ts'
import { readRecords } from './record-reader.ts'

const limits = { maxWaitMs: 300, maxBytes: 64 * 1024 }
/** A rate is told from so many records at the end of each partition. */
const tailRecords = 200

/**
 * Since when and until when a topic has records, and how many come a second: told from the first record of each partition
 * and its last two hundred, by the broker's times. A few fetches; nothing is stored or committed.
 *
 * @throws AppError CONNECT_… as a tail would
 */
export async function topicStats(connection: Connection, topic: string): Promise<CallOutput<'topic.stats'>> {
  const cluster = new KafkaCluster(clientConfig(connection))
  try {
    await cluster.connect(topic)
    const leaders = cluster.leaders(topic)
    const partitions = [...leaders.keys()]
    const earliest = await cluster.earliest(topic, partitions)
    const latest = await cluster.latest(topic, partitions)
    const firsts: number[] = []
    const lasts: number[] = []
    let perSecond = 0
    for (const [partition, leader] of leaders) {
      const low = Number(earliest.get(partition) ?? 0n)
      const high = Number(latest.get(partition) ?? 0n)
      if (high <= low || leader < 0) continue
      const read = async (from: number, to: number): Promise<number[]> => {
        const builder = new RecordBatchBuilder()
        const { partitions: fetched } = await cluster.fetch(leader, topic, [{ partition, offset: from }], limits)
        for (const { log, aborted } of fetched) readRecords(log, { partition, next: from, end: to }, aborted, builder)
        return [...builder.take().brokerTimes].map((time) => Number(time) / 1000)
      }
      firsts.push(...(await read(low, low + 1)))
      const times = (await read(Math.max(low, high - tailRecords), high)).sort((a, b) => a - b)
      const [first, last] = [times[0], times.at(-1)]
      if (first === undefined || last === undefined) continue
      lasts.push(last)
      // until now, not until the last record: a topic that has gone quiet has no rate any more
      perSecond += times.length / Math.max(1, (Date.now() - first) / 1000)
    }
    return { ...(firsts.length === 0 ? {} : { first: Math.min(...firsts) }), ...(lasts.length === 0 ? {} : { last: Math.max(...lasts), perSecond }) }
  } catch (error) {
    throw toConnectFailure(error, { brokers: connection.brokers, topic })
  } finally {
    await cluster.disconnect()
  }
}
