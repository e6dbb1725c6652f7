import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatBrokerAddress } from '../../../../../shared/connection/broker-address.ts'
import type { Explanation } from '../tls-failures.ts'
import { Wire } from '../wire.ts'
import { addressOf, type Attempt, explainAt, type Finding, tryEach } from './attempt.ts'

const patienceMs = 5_000

/** Resolves the names of the brokers. */
export async function tryDns(attempt: Attempt): Promise<Finding> {
  if (attempt.brokers.every((broker) => isIP(addressOf(broker).host) !== 0)) return { state: 'ok', detail: 'The brokers are given by address: there is no name to resolve.' }
  const found = new Map<string, readonly string[]>()
  return tryEach(attempt, () => [...found].map(([host, addresses]) => `${host} is ${addresses.join(', ')}.`).join(' '), async (broker) => {
    const { host } = addressOf(broker)
    if (isIP(host) !== 0) return undefined
    try {
      found.set(host, (await resolve(host)).map(({ address }) => address))
      return undefined
    } catch (error) {
      return explainAt(broker, error)
    }
  })
}

/** Opens a connection to each broker and closes it again. */
export function tryTcp(attempt: Attempt): Promise<Finding> {
  return tryEach(attempt, (passed) => `${passed.join(', ')} can be reached.`, (broker) => reach(broker, attempt.signal))
}

/** Why an address cannot be reached, or nothing. */
export async function reach(broker: string, signal: AbortSignal | undefined): Promise<Explanation | undefined> {
  const address = addressOf(broker)
  try {
    if (isIP(address.host) === 0) await resolve(address.host)
    const wire = await Wire.open(address, { signal })
    wire.close()
    return undefined
  } catch (error) {
    return explainAt(formatBrokerAddress(address), error)
  }
}

/** The system's resolver has no bound of its own that can be relied on. */
async function resolve(host: string): Promise<readonly { address: string }[]> {
  const answered = new AbortController()
  const giveUp = sleep(patienceMs, undefined, { signal: answered.signal }).then(() => {
    throw Object.assign(new Error('no answer from the name servers'), { code: 'EAI_AGAIN' })
  })
  try {
    return await Promise.race([lookup(host, { all: true }), giveUp])
  } finally {
    answered.abort()
  }
}
