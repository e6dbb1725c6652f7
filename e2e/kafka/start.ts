import { parseArgs } from 'node:util'
import { startBroker } from './broker.ts'
import type { SaslMechanism } from './broker-settings.ts'
import { startRegistry } from './registry.ts'

/**
 * Starts a test broker, prints its addresses as one line of JSON and waits for Ctrl+C. For people and benches:
 * `node build/e2e/kafka/start.js [--registry] [--version 3.9.2] [--ssl] [--sasl] [--oauth] [--acl] [--heap MiB]`
 */
const { values } = parseArgs({
  options: {
    registry: { type: 'boolean', default: false },
    version: { type: 'string' },
    ssl: { type: 'boolean', default: false },
    sasl: { type: 'boolean', default: false },
    oauth: { type: 'boolean', default: false },
    acl: { type: 'boolean', default: false },
    heap: { type: 'string' },
  },
})
const mechanisms: SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

const started = await Promise.allSettled([
  startBroker({
    oauth: values.oauth,
    acl: values.acl,
    ...(values.version === undefined ? {} : { version: values.version }),
    ...(values.ssl ? { ssl: 'requested' } : {}),
    ...(values.sasl ? { sasl: mechanisms } : {}),
    ...(values.heap === undefined ? {} : { heap: Number(values.heap) }),
  }),
  values.registry ? startRegistry() : undefined,
])
const [broker, registry] = started

const stop = async (): Promise<void> => {
  if (broker.status === 'fulfilled') await broker.value.stop()
  if (registry.status === 'fulfilled') await registry.value?.stop()
}

if (broker.status === 'rejected' || registry.status === 'rejected') {
  for (const { reason } of started.filter((one) => one.status === 'rejected')) console.error(reason)
  await stop()
  process.exitCode = 1
} else {
  const { brokers, listeners, version, certificates, users } = broker.value
  console.log(JSON.stringify({ pid: process.pid, brokers, listeners, version, certificates, users, registry: registry.value?.url }))
  // The broker and its pipes do not keep Node alive; this does.
  const alive = setInterval(() => undefined, 2 ** 30)
  const end = (): void => {
    clearInterval(alive)
    void stop()
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}
