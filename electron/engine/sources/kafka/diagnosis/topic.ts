import kafkaErrors from 'kafkajs/src/protocol/error.js'
import { BrokerLink } from '../broker-link.ts'
import { explainProtocol } from '../protocol-failures.ts'
import type { Attempt, Finding } from './attempt.ts'
import { count, openLink } from './kafka.ts'

const unknownTopic = 3
const listed = 5

/** Finds out whether this user may see topics, and read the one that is named. */
export async function tryAuthorization(attempt: Attempt): Promise<Finding> {
  const { topic } = attempt
  if (topic === undefined) return visibleTopics(attempt)
  const link = await openLink(attempt)
  const [found] = (await link.metadata([topic])).topicMetadata
  if (found === undefined || found.topicErrorCode === unknownTopic) return { state: 'ok', detail: 'This user may look for the topic.' }
  if (found.topicErrorCode !== 0) return refused(found.topicErrorCode, topic)
  const code = await tryToRead(attempt, topic)
  if (code === undefined) return { state: 'skipped', detail: `No partition of ${topic} has a leader to ask.` }
  return code === 0 ? { state: 'ok', detail: `This user may read ${topic}.` } : refused(code, topic)
}

/** Finds out whether the named topic is there and can be read just now. */
export async function tryTopic(attempt: Attempt): Promise<Finding> {
  const { topic } = attempt
  if (topic === undefined) return { state: 'skipped', detail: 'No topic is named.' }
  const link = await openLink(attempt)
  const [found] = (await link.metadata([topic])).topicMetadata
  if (found === undefined || found.topicErrorCode === unknownTopic) return { ...refused(unknownTopic, topic), hint: suggest(attempt, topic) }
  if (found.topicErrorCode !== 0) return refused(found.topicErrorCode, topic)
  const partitions = found.partitionMetadata
  const leaderless = partitions.filter(({ leader }) => leader < 0).map(({ partitionId }) => partitionId)
  if (leaderless.length === 0) return { state: 'ok', detail: `${topic} has ${count(partitions.length, 'partition')}.` }
  const detail = `${leaderless.length} of ${count(partitions.length, 'partition')} of ${topic} have no leader at the moment: ${leaderless.slice(0, 20).join(', ')}.`
  return { state: leaderless.length === partitions.length ? 'failed' : 'warning', detail, hint: 'A broker with their replicas is down; they can be read again when it is back.' }
}

/** Fetching is the only question whose answer tells of the right READ: seeing a topic takes DESCRIBE alone. */
async function tryToRead(attempt: Attempt, topic: string): Promise<number | undefined> {
  const link = await openLink(attempt)
  const { brokers, topicMetadata: [found] } = await link.metadata([topic])
  const partition = found?.partitionMetadata.find(({ leader }) => leader >= 0)
  const address = brokers.find(({ nodeId }) => nodeId === partition?.leader)
  if (partition === undefined || address === undefined || attempt.config === undefined) return undefined
  const leader = await BrokerLink.open(attempt.config, address, attempt.signal)
  try {
    const [head] = await leader.offsets([{ topic, partitions: [partition.partitionId] }], 'latest')
    if (head === undefined) return undefined
    return head.errorCode !== 0 ? head.errorCode : await leader.tryRead(topic, partition.partitionId, head.offset)
  } finally {
    leader.close()
  }
}

function visibleTopics({ metadata }: Attempt): Finding {
  const topics = metadata?.topicMetadata.length ?? 0
  if (topics > 0) return { state: 'ok', detail: `This user sees ${count(topics, 'topic')}.` }
  return { state: 'warning', detail: 'This user sees no topic.', hint: 'The cluster may be empty; if not, ask for the rights DESCRIBE and READ on the topics.' }
}

function refused(errorCode: number, topic: string): Finding {
  const { type, message } = kafkaErrors.createErrorFromCode(errorCode)
  const explanation = explainProtocol(type, message, topic)
  return { state: 'failed', detail: explanation.message, hint: explanation.hint }
}

function suggest({ metadata }: Attempt, topic: string): string {
  const names = (metadata?.topicMetadata ?? []).map((found) => found.topic).filter((name) => !name.startsWith('__')).sort()
  const wanted = topic.trim().toLowerCase()
  const alike = names.filter((name) => name.toLowerCase().includes(wanted) || wanted.includes(name.toLowerCase()))
  if (alike.length > 0) return `Did you mean ${alike.slice(0, listed).join(' or ')}?`
  if (names.length === 0) return 'This user sees no topic at all: check the cluster and the rights.'
  return `Check the spelling and the cluster. This user sees ${names.slice(0, listed).join(', ')}${names.length > listed ? ` and ${names.length - listed} more` : ''}.`
}
