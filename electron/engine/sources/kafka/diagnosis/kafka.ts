import { formatBrokerAddress } from '../../../../../shared/connection/broker-address.ts'
import { AppError } from '../../../../../shared/errors.ts'
import { BrokerLink, type ClusterMetadata } from '../broker-link.ts'
import { addressOf, type Attempt, type Finding } from './attempt.ts'
import { reach } from './reach.ts'

/** Asks a broker for its cluster, and finds out whether the brokers can be reached where it says they are. */
export async function tryKafka(attempt: Attempt): Promise<Finding> {
  if (attempt.notKafka !== undefined) return { state: 'failed', detail: attempt.notKafka.message, hint: attempt.notKafka.hint }
  const link = await openLink(attempt)
  const metadata = await link.metadata()
  attempt.metadata = metadata
  return (await tryAdvertised(attempt, metadata)) ?? { state: 'ok', detail: `${metadata.clusterId === undefined || metadata.clusterId === null ? 'A cluster' : `Cluster ${metadata.clusterId}`} of ${count(metadata.brokers.length, 'broker')}.` }
}

/** The link of the login, or one without. */
export async function openLink(attempt: Attempt): Promise<BrokerLink> {
  const [broker] = attempt.brokers
  if (attempt.link === undefined) {
    if (broker === undefined || attempt.config === undefined) throw new AppError('CONNECT_TCP', 'No broker is left to ask.')
    attempt.link = await BrokerLink.open(attempt.config, addressOf(broker), attempt.signal)
  }
  return attempt.link
}

/** The classic trap: the broker answers, but tells clients to go on at an address such as localhost that is not for them. */
async function tryAdvertised({ brokers: known, signal }: Attempt, { brokers }: ClusterMetadata): Promise<Finding | undefined> {
  const addresses = brokers.map(formatBrokerAddress)
  const tried = await Promise.all(addresses.map(async (address) => ({ address, failure: known.includes(address) ? undefined : await reach(address, signal) })))
  const lost = tried.filter(({ failure }) => failure !== undefined)
  if (lost.length === 0) return undefined
  const detail = `The cluster tells clients to find ${lost.length === 1 ? 'a broker' : 'brokers'} at ${lost.map(({ address }) => address).join(', ')}, which cannot be reached from here. ${lost[0]?.failure?.message ?? ''}`
  const hint = 'The broker\'s advertised.listeners must name an address that this machine can reach; behind Docker, a tunnel or a VPN that is the outer host and port.'
  return { state: lost.length === brokers.length ? 'failed' : 'warning', detail, hint }
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
