import type { Sasl } from '../../../../../shared/model/connection.ts'
import { BrokerLink } from '../broker-link.ts'
import { Wire } from '../wire.ts'
import { addressOf, type Attempt, type Finding } from './attempt.ts'

const saslHandshake = 17
const illegalSaslState = 34

/** Finds out whether the broker asks for a login and which it takes, and logs in as the connection says. */
export async function trySasl(attempt: Attempt): Promise<Finding> {
  const { connection: { sasl }, config, signal, brokers: [broker] } = attempt
  if (attempt.notKafka !== undefined || broker === undefined || config === undefined) return { state: 'skipped', detail: 'The port does not speak Kafka.' }
  const mechanism = sasl === undefined ? undefined : protocolName(sasl)
  const offer = await askForLogins(attempt, broker, mechanism)
  if (mechanism === undefined || sasl === undefined) {
    if (offer === undefined || offer.length === 0) return { state: 'skipped', detail: 'No login is set, and the broker asks for none.' }
    return { state: 'failed', detail: `${broker} asks for a login, but none is set.`, hint: `Set user and password, or a token: the broker takes ${offer.join(', ')}.` }
  }
  if (offer?.length === 0) return { state: 'failed', detail: `A login is set, but ${broker} takes none.`, hint: 'Turn SASL off, or use the port of the SASL listener.' }
  if (offer !== undefined && !offer.includes(mechanism)) return { state: 'failed', detail: `${broker} does not take the login mechanism ${mechanism}.`, hint: `Choose one that it takes: ${offer.join(', ')}.` }
  attempt.link = await BrokerLink.open(config, addressOf(broker), signal)
  return { state: 'ok', detail: `Logged in${'username' in sasl ? ` as ${sasl.username}` : ''} by ${mechanism}.` }
}

function protocolName(sasl: Sasl): string {
  return sasl.mechanism.startsWith('oauthbearer') ? 'OAUTHBEARER' : sasl.mechanism.toUpperCase()
}

/**
 * The login mechanisms of a listener; none where it takes no login, undefined where it cannot be told.
 *
 * @see Kafka protocol, SaslHandshake API, version 1
 */
async function askForLogins({ config, signal }: Attempt, broker: string, mechanism = 'PLAIN'): Promise<readonly string[] | undefined> {
  const ssl = config?.ssl
  try {
    const wire = await Wire.open(addressOf(broker), { tls: typeof ssl === 'object' ? ssl : undefined, signal })
    const answer = await wire.request(saslHandshake, 1, protocolString(mechanism), signal).finally(() => wire.close())
    if (answer.readInt16BE(0) === illegalSaslState) return []
    const mechanisms = readStrings(answer.subarray(2))
    return mechanisms.length > 0 ? mechanisms : undefined
  } catch {
    // only a question in advance: the login itself will show what is wrong
    return undefined
  }
}

function protocolString(text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeInt16BE(text.length)
  return Buffer.concat([length, Buffer.from(text)])
}

function readStrings(bytes: Buffer): string[] {
  const strings: string[] = []
  let at = 4
  for (let left = bytes.readInt32BE(0); left > 0; left--) {
    const length = bytes.readInt16BE(at)
    strings.push(bytes.toString('utf8', at + 2, at + 2 + length))
    at += 2 + length
  }
  return strings
}
