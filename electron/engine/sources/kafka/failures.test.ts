import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as kafkaErrors from 'kafkajs'
import { AppError } from '../../../../shared/errors.ts'
import { isTransient, toConnectFailure } from './failures.ts'
import { finalTypes } from './protocol-failures.ts'

const context = { brokers: ['a.example.com:9092', 'b.example.com:9092'], topic: 'orders' }
// KafkaJS's types leave out how its errors are made
type ErrorClass = 'KafkaJSConnectionError' | 'KafkaJSNumberOfRetriesExceeded' | 'KafkaJSProtocolError'
const { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } = kafkaErrors as unknown as Record<ErrorClass, new (...args: unknown[]) => Error>
const { createErrorFromCode } = createRequire(import.meta.url)('kafkajs/src/protocol/error.js') as { createErrorFromCode: (code: number) => Error & { type: string } }

function connectionError(code: string | undefined, message: string, broker = 'a.example.com:9092'): Error {
  return new KafkaJSConnectionError(message, { broker, code })
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

/** As the broker's code comes out of KafkaJS. */
function protocolError(type: string): Error {
  for (let code = 0; code < 100; code++) {
    const error = createErrorFromCode(code)
    if (error.type === type) return error
  }
  throw new Error(`KafkaJS knows no ${type}`)
}

function retried(error: Error): Error {
  return new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 5, retryTime: 1000 })
}

const table: [string, Error, string, RegExp, boolean][] = [
  ['a host without an address', connectionError('ENOTFOUND', 'Connection error: getaddrinfo ENOTFOUND a.example.com'), 'CONNECT_DNS', /a\.example\.com:9092 does not resolve/, true],
  ['a name server that is away', connectionError('EAI_AGAIN', 'Connection error: getaddrinfo EAI_AGAIN a.example.com'), 'CONNECT_DNS', /EAI_AGAIN/, true],
  ['a refused port', connectionError('ECONNREFUSED', 'Connection error: '), 'CONNECT_TCP', /a\.example\.com:9092 refuses/, true],
  ['a connect that takes too long', connectionError(undefined, 'Connection timeout'), 'CONNECT_TCP', /does not answer/, true],
  ['a closed connection', named('KafkaJSConnectionClosedError', 'Closed connection'), 'CONNECT_TCP', /closed the connection/, true],
  ['a request without an answer', named('KafkaJSRequestTimeoutError', 'Request Metadata timed out'), 'CONNECT_TCP', /does not answer/, true],
  ['an unknown authority', connectionError('SELF_SIGNED_CERT_IN_CHAIN', 'Connection error: self-signed certificate in certificate chain'), 'CONNECT_TLS', /authority that is not trusted/, false],
  ['an expired certificate', connectionError('CERT_HAS_EXPIRED', 'Connection error: certificate has expired'), 'CONNECT_TLS', /has expired/, false],
  ['another host\'s certificate', connectionError('ERR_TLS_CERT_ALTNAME_INVALID', "Connection error: Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames: DNS:b.example.com"), 'CONNECT_TLS', /for other names: b\.example\.com/, false],
  ['TLS spoken to a plain port', connectionError('EPROTO', 'Connection error: write EPROTO 00:error:0A00010B:SSL routines:ssl3_get_record:wrong version number'), 'CONNECT_TLS', /does not speak TLS/, false],
  ['plain text spoken to a TLS port', connectionError('ERR_TLS_EXPECTED', 'Connection error: TLS is expected'), 'CONNECT_TLS', /speaks TLS, but/, false],
  ['a client certificate that is asked for', connectionError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'Connection error: tlsv13 alert certificate required'), 'CONNECT_TLS', /client's certificate/, false],
  ['a handshake that is cut', connectionError('ECONNRESET', 'Connection error: Client network socket disconnected before secure TLS connection was established'), 'CONNECT_TLS', /while TLS was being agreed/, true],
  ['a wrong password', named('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed: Authentication failed: Invalid username or password'), 'CONNECT_SASL', /refuses the login: Authentication failed: Invalid username or password\.$/, false],
  ['a broker lost during the login', named('KafkaJSSASLAuthenticationError', 'SASL SCRAM SHA256 authentication failed: Closed connection'), 'CONNECT_TCP', /lost during the login/, true],
  ['a mechanism that is not taken', protocolError('UNSUPPORTED_SASL_MECHANISM'), 'CONNECT_SASL', /mechanism/, false],
  ['no right on the topic', protocolError('TOPIC_AUTHORIZATION_FAILED'), 'CONNECT_AUTHORIZATION', /topic orders/, false],
  ['no right on the group', protocolError('GROUP_AUTHORIZATION_FAILED'), 'CONNECT_AUTHORIZATION', /group/, false],
  ['no right on the cluster', protocolError('CLUSTER_AUTHORIZATION_FAILED'), 'CONNECT_AUTHORIZATION', /cluster/, false],
  ['a topic that is not there', protocolError('UNKNOWN_TOPIC_OR_PARTITION'), 'CONNECT_TOPIC', /The topic orders does not exist/, false],
  ['an offset that is gone', protocolError('OFFSET_OUT_OF_RANGE'), 'OFFSET_GONE', /not in the topic orders/, false],
  ['a leader that moves', protocolError('NOT_LEADER_FOR_PARTITION'), 'CONNECT_TOPIC', /no leader/, true],
  ['an error code of a newer Kafka', createErrorFromCode(9999), 'CONNECT_PROTOCOL', /KAFKAJS_UNKNOWN_ERROR_CODE/, false],
]

describe('toConnectFailure and isTransient', () => {
  it.each(table)('tell of %s', (_, error, code, message, transient) => {
    const failure = toConnectFailure(error, context)
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as string })
    expect(failure.hint).toBeTruthy()
    expect(isTransient(error)).toBe(transient)
  })

  it.each(table)('tell the same of %s behind retries, causes and aggregates', (_, error, code, message, transient) => {
    for (const wrapped of [retried(error), new Error('outer', { cause: error }), new AggregateError([error], 'several'), retried(new Error('outer', { cause: new AggregateError([error]) }))]) {
      expect(toConnectFailure(wrapped, context)).toMatchObject({ code, message: expect.stringMatching(message) as string })
      // KafkaJS marks a failure as such that it has tried often enough, which says nothing of what it was
      expect(isTransient(wrapped)).toBe(transient)
    }
  })

  it('keep an error that is already in words', () => {
    const error = new AppError('CONNECT_SASL', 'No token.', { hint: 'Get one.' })
    expect(toConnectFailure(retried(error), context)).toBe(error)
    expect(isTransient(error)).toBe(false)
  })

  it('point at the advertised listeners where nobody typed the address', () => {
    const failure = toConnectFailure(connectionError('ECONNREFUSED', 'Connection error: ', 'localhost:9092'), context)
    expect(failure.message).toContain('localhost:9092 refuses')
    expect(failure.hint).toContain('advertised.listeners')
  })

  it('write an IPv6 address as it was given', () => {
    expect(toConnectFailure(connectionError('ECONNREFUSED', 'Connection error: ', ';;1:9092'), { brokers: ['[::1]:9092'] }).message).toContain('[::1]:9092 refuses')
  })

  it('call a bug a bug', () => {
    const bug = new TypeError("Cannot read properties of null (reading 'topicMetadata')")
    expect(toConnectFailure(bug, context)).toMatchObject({ code: 'INTERNAL', message: bug.message, cause: bug })
    expect(isTransient(bug)).toBe(false)
    expect(toConnectFailure('a text', context)).toMatchObject({ code: 'INTERNAL', message: 'a text' })
  })

  it('never call a final error of the protocol transient, whatever KafkaJS says of it', () => {
    fc.assert(fc.property(fc.constantFrom(...finalTypes), fc.boolean(), (type, retriable) => {
      expect(isTransient(new KafkaJSProtocolError({ type, code: 3, message: type, retriable }))).toBe(false)
    }))
  })

  it('survive errors that are their own cause', () => {
    const error = new Error('round')
    error.cause = error
    expect(toConnectFailure(error, context).code).toBe('INTERNAL')
    expect(isTransient(error)).toBe(false)
  })
})
