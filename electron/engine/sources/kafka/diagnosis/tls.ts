import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { clientConfig } from '../client-config.ts'
import { certificateNames, describeTlsFailure, type Explanation, isTlsFailure, plainToTlsCode } from '../tls-failures.ts'
import { NotKafka, Wire } from '../wire.ts'
import { addressOf, type Attempt, explainAt, type Finding, tryEach } from './attempt.ts'

/** ApiVersions: the one question that every broker answers to everybody, before any login. */
const apiVersions = 18

/**
 * Finds out whether each broker speaks TLS as the connection says, and shows a certificate that is trusted. Only an answer
 * through the connection proves it, because a broker that asks for a client certificate refuses after the handshake.
 */
export async function tryTls(attempt: Attempt): Promise<Finding> {
  const settings = attempt.connection.tls
  const { ssl, ...config } = clientConfig(attempt.connection)
  const options = typeof ssl === 'object' ? ssl : undefined
  attempt.config = { ...config, ...(options === undefined ? {} : { ssl: options }), requestTimeout: 10_000 }
  const sessions: string[] = []
  const mute: Explanation[] = []
  const finding = await tryEach(attempt, () => sessions[0] ?? '', async (broker) => {
    const { failure, notKafka, session } = options === undefined ? await tryPlain(broker, attempt) : await tryEncrypted(broker, options, attempt)
    if (session !== undefined) sessions.push(session)
    if (notKafka !== undefined) mute.push(notKafka)
    return failure ?? notKafka
  })
  const [notKafka] = mute
  // whatever answers there speaks TLS as it should, or not, but no Kafka: that is told one layer up
  if (finding.state === 'failed' && notKafka !== undefined && mute.length === attempt.connection.brokers.length) attempt.notKafka = notKafka
  else if (finding.state === 'failed') return finding
  if (settings === undefined) return finding.state === 'warning' ? finding : { state: 'skipped', detail: 'TLS is off: everything travels in plain text.' }
  if (attempt.notKafka !== undefined) return { state: 'ok', detail: 'TLS is agreed.' }
  if (settings.insecure === true && finding.state === 'ok') return { state: 'warning', detail: `${finding.detail} Certificates are not checked.`, hint: 'Anybody on the way can read along: give the broker\'s authority and check certificates again.' }
  return finding
}

interface Tried {
  readonly failure?: Explanation
  readonly notKafka?: Explanation
  readonly session?: string
}

async function tryPlain(broker: string, { signal }: Attempt): Promise<Tried> {
  const error = await ask(broker, undefined, signal)
  if (error === undefined) return {}
  if (codeOf(error) === plainToTlsCode || (await speaksTls(broker, signal))) return { failure: describeTlsFailure(broker, plainToTlsCode, '') }
  return { notKafka: explainMute(broker, error) }
}

async function tryEncrypted(broker: string, options: ConnectionOptions, { signal }: Attempt): Promise<Tried> {
  let wire: Wire
  try {
    // the check is made below, where the certificate is at hand to be named; nothing secret is sent
    wire = await Wire.open(addressOf(broker), { tls: { ...options, rejectUnauthorized: false }, signal })
  } catch (error) {
    if ((await ask(broker, undefined, signal)) === undefined) return { failure: { message: `${broker} speaks plain text, but the connection is set to TLS.`, hint: 'Turn TLS off, or use the port of the TLS listener (often 9093 or 9094).' } }
    return { failure: explainAt(broker, error) }
  }
  try {
    const socket = wire.socket as TLSSocket
    const certificate = socket.getPeerCertificate()
    if (!socket.authorized && options.rejectUnauthorized !== false) return { failure: describeTlsFailure(broker, authorizationCode(socket), '', certificate) }
    const session = `${socket.getProtocol() ?? 'TLS'}, certificate for ${certificateNames(certificate) ?? broker}, valid until ${certificate.valid_to}.`
    await wire.request(apiVersions, 0, Buffer.alloc(0), signal)
    return { session }
  } catch (error) {
    return isTlsFailure(codeOf(error), messageOf(error)) ? { failure: explainAt(broker, error) } : { notKafka: explainMute(broker, error) }
  } finally {
    wire.close()
  }
}

/** Asks a port for its API versions; gives the error, or nothing where Kafka answers. */
async function ask(broker: string, options: ConnectionOptions | undefined, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    const wire = await Wire.open(addressOf(broker), { tls: options, signal })
    await wire.request(apiVersions, 0, Buffer.alloc(0), signal).finally(() => wire.close())
    return undefined
  } catch (error) {
    return error
  }
}

async function speaksTls(broker: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const wire = await Wire.open(addressOf(broker), { tls: { rejectUnauthorized: false }, signal })
    wire.close()
    return true
  } catch (error) {
    // an alert is TLS too, even one that refuses us; silence and a closed connection are not
    return isTlsFailure(codeOf(error), '') && !/WRONG_VERSION|PACKET_LENGTH/.test(codeOf(error) ?? '')
  }
}

function explainMute(broker: string, error: unknown): Explanation {
  const hint = 'Check the port: Kafka\'s is often 9092; a REST proxy, a registry, ZooKeeper or a web page has another.'
  if (error instanceof NotKafka) return { message: `${broker} answers, but ${error.speaks === undefined ? 'does not speak Kafka' : `speaks ${error.speaks}, not Kafka`}.`, hint }
  return { message: `${broker} takes the connection but does not answer as Kafka does: ${messageOf(error)}.`, hint }
}

/** Node gives the code as a text, against its type. */
function authorizationCode(socket: TLSSocket): string {
  const { authorizationError } = socket as { authorizationError: unknown }
  return authorizationError instanceof Error ? (codeOf(authorizationError) ?? authorizationError.message) : String(authorizationError)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
