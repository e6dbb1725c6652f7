import { AppError, type ErrorCode } from '../../../../shared/errors.ts'
import { causes, type ErrorFacts } from './error-facts.ts'
import { finalTypes, explainProtocol } from './protocol-failures.ts'
import { readableBroker } from './sockets.ts'
import { describeTlsFailure, type Explanation, isCutHandshake, isTlsFailure } from './tls-failures.ts'

/** What was being reached when it failed. */
export interface ConnectContext {
  /** The brokers of the connection, `host:port`. */
  readonly brokers: readonly string[]
  readonly topic?: string
}

const noSuchHost = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'])
const noRoute = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'])
/** KafkaJS's errors that say only that a broker or its metadata is not there at the moment. */
const awayNames = new Set(['KafkaJSConnectionError', 'KafkaJSConnectionClosedError', 'KafkaJSRequestTimeoutError', 'KafkaJSBrokerNotFound', 'KafkaJSLockTimeout', 'KafkaJSTimeout', 'KafkaJSMetadataNotLoaded', 'KafkaJSTopicMetadataNotLoaded', 'KafkaJSStaleTopicMetadataAssignment', 'KafkaJSNoBrokerAvailableError', 'KafkaJSGroupCoordinatorNotFound'])

/**
 * Turns what the Kafka client throws into an error that people can act on: which layer failed, in a sentence, and what to
 * change. Looks through the client's wrappers (retries, causes, aggregates); an AppError among them is returned as it is.
 * What is not known as a failure of the connection is INTERNAL.
 */
export function toConnectFailure(thrown: unknown, context: ConnectContext): AppError {
  const chain = causes(thrown)
  for (const { error } of chain) if (error instanceof AppError) return error
  for (const facts of chain) {
    const found = explain(facts, context)
    if (found !== undefined) return new AppError(found.code, found.message, { hint: found.hint, cause: thrown })
  }
  return new AppError('INTERNAL', chain[0]?.message ?? String(thrown), { cause: thrown })
}

/**
 * Tells whether trying again, with pauses, can help: the broker is away or busy, a partition's leader has moved. It cannot
 * against a wrong password, a missing right, an unknown topic or a certificate. A name that does not resolve counts as
 * transient, because that is what a machine without a network sees; whoever connects for the first time should not wait.
 */
export function isTransient(thrown: unknown): boolean {
  const chain = causes(thrown)
  return !chain.some(isFinal) && chain.some(mayPass)
}

function isFinal({ name, code, type, message }: ErrorFacts): boolean {
  if (name === 'KafkaJSSASLAuthenticationError') return !lostDuringLogin(message)
  if (type !== undefined && finalTypes.has(type)) return true
  return isTlsFailure(code, message) && !isCutHandshake(code, message)
}

function mayPass({ name, code, message, retriable }: ErrorFacts): boolean {
  return retriable === true || awayNames.has(name) || (code !== undefined && (noSuchHost.has(code) || noRoute.has(code))) || (name === 'KafkaJSSASLAuthenticationError' && lostDuringLogin(message))
}

/** KafkaJS calls whatever happens during a login a failed authentication, and keeps the message alone. */
function lostDuringLogin(message: string): boolean {
  return /closed connection|connection closed|connection error|not connected|timed out|timeout/i.test(message)
}

function explain(facts: ErrorFacts, context: ConnectContext): (Explanation & { code: ErrorCode }) | undefined {
  const { name, code, type, message } = facts
  const broker = brokerOf(facts, context)
  if (name === 'KafkaJSSASLAuthenticationError') return explainLogin(message, broker)
  if (type !== undefined) return explainProtocol(type, message, context.topic)
  if (code !== undefined && isTlsFailure(code, message)) return { code: 'CONNECT_TLS', ...describeTlsFailure(broker, code, message) }
  if (code !== undefined && noSuchHost.has(code)) return { code: 'CONNECT_DNS', message: `The name of ${broker} does not resolve (${code}).`, hint: advertisedHint(facts, context) ?? 'Check the spelling of the host; a private name needs its network or VPN.' }
  if (code === 'ECONNREFUSED') return { code: 'CONNECT_TCP', message: `${broker} refuses the connection: nothing listens on that port.`, hint: advertisedHint(facts, context) ?? 'Check host and port, and that the broker is running.' }
  if ((code !== undefined && noRoute.has(code)) || awayNames.has(name)) return explainAway(facts, broker, context)
  if (name === 'KafkaJSServerDoesNotSupportApiKey') return { code: 'CONNECT_PROTOCOL', message: `${broker} lacks a part of the Kafka protocol: ${message}.`, hint: 'Use a broker of Kafka 0.11 or newer.' }
  return undefined
}

function explainLogin(message: string, broker: string): Explanation & { code: ErrorCode } {
  if (lostDuringLogin(message)) return { code: 'CONNECT_TCP', message: `The connection to ${broker} was lost during the login.`, hint: 'Try again; if it happens each time, the port may belong to a listener with another protocol.' }
  if (message.includes('not supported by the server')) return explainProtocol('UNSUPPORTED_SASL_MECHANISM', message, undefined)
  const reason = message.replace(/^SASL .*? authentication failed: /, '')
  return { code: 'CONNECT_SASL', message: `The broker refuses the login: ${reason.slice(0, 300)}.`.replace(/\.+$/, '.'), hint: 'Check the user, the password and the mechanism.' }
}

function explainAway(facts: ErrorFacts, broker: string, context: ConnectContext): Explanation & { code: ErrorCode } {
  const closed = facts.name === 'KafkaJSConnectionClosedError' || facts.code === 'ECONNRESET' || facts.code === 'EPIPE'
  if (closed) return { code: 'CONNECT_TCP', message: `${broker} closed the connection.`, hint: 'If it does so each time, the listener may expect TLS or a login (SASL) that the connection does not have.' }
  const hint = advertisedHint(facts, context) ?? 'Check host and port; a firewall that swallows packets looks like this too.'
  return { code: 'CONNECT_TCP', message: `${broker} does not answer.`, hint }
}

/** An address that nobody typed came from the cluster itself: the classic trap of advertised listeners. */
function advertisedHint({ broker }: ErrorFacts, { brokers }: ConnectContext): string | undefined {
  if (broker === undefined || brokers.includes(readableBroker(broker))) return undefined
  return 'The cluster itself gave this address: the broker\'s advertised.listeners must name one that can be reached from here.'
}

function brokerOf({ broker }: ErrorFacts, { brokers }: ConnectContext): string {
  return broker === undefined ? (brokers.length === 1 ? brokers.join() : `The cluster (${brokers.join(', ')})`) : readableBroker(broker)
}
