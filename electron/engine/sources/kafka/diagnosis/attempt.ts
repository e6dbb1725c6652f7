import type { KafkaConfig } from 'kafkajs'
import { type BrokerAddress, parseBrokerAddress } from '../../../../../shared/connection/broker-address.ts'
import { AppError } from '../../../../../shared/errors.ts'
import type { Connection } from '../../../../../shared/model/connection.ts'
import type { LayerResult } from '../../../../../shared/model/layer-result.ts'
import type { BrokerLink, ClusterMetadata } from '../broker-link.ts'
import { toConnectFailure } from '../failures.ts'
import type { Explanation } from '../tls-failures.ts'

/** A connection while it is tried: what each layer has found for the layers behind it. */
export interface Attempt {
  readonly connection: Connection
  readonly topic: string | undefined
  readonly signal: AbortSignal | undefined
  /** The brokers that have passed every layer so far, `host:port`. */
  brokers: readonly string[]
  config?: KafkaConfig
  /** Why the port speaks no Kafka, found below the layer that it belongs to. */
  notKafka?: Explanation
  link?: BrokerLink
  metadata?: ClusterMetadata
}

/** What trying a layer shows. */
export type Finding = Omit<LayerResult, 'layer' | 'ms'>

export function addressOf(broker: string): BrokerAddress {
  const address = parseBrokerAddress(broker)
  if (address === undefined) throw new AppError('BAD_REQUEST', `${broker} is no broker: host:port is expected.`, { hint: 'Write each broker as host:port.' })
  return address
}

/** Words for an error at one broker. Throws what is no failure of a connection: that is a bug. */
export function explainAt(broker: string, error: unknown): Explanation {
  const failure = toConnectFailure(error, { brokers: [broker] })
  if (failure.code === 'INTERNAL') throw error
  return { message: failure.message, hint: failure.hint ?? '' }
}

/**
 * Tries every broker that is left at once. Those that fail are left out from then on: a warning while others pass, a
 * failure when none does.
 *
 * @param check gives why a broker fails, or nothing
 */
export async function tryEach(attempt: Attempt, okDetail: (passed: readonly string[]) => string, check: (broker: string) => Promise<Explanation | undefined>): Promise<Finding> {
  const checked = await Promise.all(attempt.brokers.map(async (broker) => ({ broker, failure: await check(broker) })))
  const failures = checked.flatMap(({ failure }) => failure ?? [])
  const passed = checked.filter(({ failure }) => failure === undefined).map(({ broker }) => broker)
  attempt.brokers = passed
  const [first] = failures
  if (first === undefined) return { state: 'ok', detail: okDetail(passed) }
  const detail = failures.map(({ message }) => message).join(' ')
  if (passed.length === 0) return { state: 'failed', detail, hint: first.hint }
  return { state: 'warning', detail: `${passed.length} of ${checked.length} brokers will do. ${detail}`, hint: first.hint }
}
