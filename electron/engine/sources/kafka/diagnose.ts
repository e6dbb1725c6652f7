import type { Connection } from '../../../../shared/model/connection.ts'
import { type Layer, type LayerResult, layers } from '../../../../shared/model/layer-result.ts'
import { throwIfCancelled } from './cancellation.ts'
import type { Attempt, Finding } from './diagnosis/attempt.ts'
import { tryKafka } from './diagnosis/kafka.ts'
import { tryDns, tryTcp } from './diagnosis/reach.ts'
import { tryRegistry } from './diagnosis/registry.ts'
import { trySasl } from './diagnosis/sasl.ts'
import { tryTls } from './diagnosis/tls.ts'
import { tryAuthorization, tryTopic } from './diagnosis/topic.ts'
import { toConnectFailure } from './failures.ts'

/** What else a diagnosis is told. */
export interface DiagnoseOptions {
  /** Tries to read this topic too. */
  readonly topic?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const steps: Readonly<Record<Layer, (attempt: Attempt) => Promise<Finding>>> = {
  dns: tryDns,
  tcp: tryTcp,
  tls: tryTls,
  sasl: trySasl,
  kafka: tryKafka,
  authorization: tryAuthorization,
  topic: tryTopic,
  registry: tryRegistry,
}

const names: Readonly<Record<Layer, string>> = { dns: 'the name', tcp: 'the port', tls: 'TLS', sasl: 'the login', kafka: 'the cluster', authorization: 'the right to read', topic: 'the topic', registry: 'the registry' }

/**
 * Tries a connection layer by layer and says of each what it found, so that a failure is named where it is and not as
 * "connection failed". It stops at the first layer that fails; those behind it are skipped. A layer waits for seconds,
 * not minutes. Nothing is written to the cluster and no consumer group is joined.
 *
 * @returns one result for each layer, in their order
 * @throws AppError CANCELLED when the signal aborts
 */
export async function diagnose(connection: Connection, { topic, signal }: DiagnoseOptions = {}): Promise<LayerResult[]> {
  const attempt: Attempt = { connection, topic: topic === '' ? undefined : topic, signal, brokers: connection.brokers }
  const results: LayerResult[] = []
  let failed: Layer | undefined
  try {
    for (const layer of layers) {
      const start = performance.now()
      const finding: Finding = failed === undefined ? await tryLayer(layer, attempt) : { state: 'skipped', detail: `Not tried, because ${names[failed]} failed.` }
      throwIfCancelled(signal)
      results.push({ layer, ...finding, ms: failed === undefined ? Math.round(performance.now() - start) : 0 })
      if (finding.state === 'failed') failed = layer
    }
    return results
  } finally {
    attempt.link?.close()
  }
}

async function tryLayer(layer: Layer, attempt: Attempt): Promise<Finding> {
  try {
    return await steps[layer](attempt)
  } catch (error) {
    throwIfCancelled(attempt.signal)
    const failure = toConnectFailure(error, { brokers: attempt.brokers, ...(attempt.topic === undefined ? {} : { topic: attempt.topic }) })
    // a failure that is none of a connection is a bug, and no layer's
    if (failure.code === 'INTERNAL') throw failure
    return { state: 'failed', detail: failure.message, ...(failure.hint === undefined ? {} : { hint: failure.hint }) }
  }
}
