import type { PeerCertificate } from 'node:tls'

/** A failure in words: what happened, what to change. */
export interface Explanation {
  readonly message: string
  readonly hint: string
}

/** The code of the error with which a plain connection ends that meets TLS; see `sockets.ts`. */
export const plainToTlsCode = 'ERR_TLS_EXPECTED'

/** Codes of OpenSSL's checks of a certificate, of TLS alerts and of Node's own checks. */
export function isTlsFailure(code: string | undefined, message: string): boolean {
  if (code === undefined) return false
  return code === 'EPROTO' || code === plainToTlsCode || /^ERR_(?:SSL|TLS)_|CERT|SIGNATURE|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|CRL/.test(code) || isCutHandshake(code, message)
}

/** The other end closed before TLS was agreed. A plain port does so, but also a broker that is just going down. */
export function isCutHandshake(code: string | undefined, message: string): boolean {
  return code === 'ECONNRESET' && message.includes('before secure TLS connection was established')
}

/**
 * Explains why TLS with a broker failed.
 *
 * @param broker `host:port`
 * @param certificate what the broker showed, where it is known
 */
export function describeTlsFailure(broker: string, code: string, message: string, certificate?: PeerCertificate): Explanation {
  switch (code) {
    case plainToTlsCode:
      return { message: `${broker} speaks TLS, but the connection is set to plain text.`, hint: 'Turn TLS on, or use the port of the listener without TLS.' }
    case 'CERT_HAS_EXPIRED':
      return { message: `The certificate of ${broker} has expired${at(certificate?.valid_to)}.`, hint: 'It must be renewed on the broker; check this machine\'s clock too.' }
    case 'CERT_NOT_YET_VALID':
      return { message: `The certificate of ${broker} is not valid yet${at(certificate?.valid_from)}.`, hint: 'Check this machine\'s clock and the broker\'s certificate.' }
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { message: `The certificate of ${broker}${of(certificate)} is self-signed, and nothing here vouches for it.`, hint: 'Give this certificate, as PEM text, as the authority to trust.' }
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return { message: `The certificate of ${broker} comes from an authority that is not trusted here${by(certificate)}.`, hint: 'Give the certificate of that authority, as PEM text (Kafka\'s administrators call it the CA or truststore).' }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return { message: `The certificate of ${broker} is for other names: ${names(certificate, message)}.`, hint: 'Reach the broker by one of those names, or set one of them as the server name to check.' }
  }
  return describeHandshake(broker, code, message)
}

function describeHandshake(broker: string, code: string, message: string): Explanation {
  const text = `${code} ${message}`
  if (/WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|packet length too long|UNEXPECTED_MESSAGE/i.test(text)) {
    return { message: `${broker} does not speak TLS, but the connection is set to TLS.`, hint: 'Turn TLS off, or use the port of the TLS listener (often 9093 or 9094).' }
  }
  if (/certificate.required|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|bad certificate|UNKNOWN_CA|unknown ca|CERTIFICATE_UNKNOWN|certificate unknown|HANDSHAKE_FAILURE|handshake failure/i.test(text)) {
    return { message: `${broker} does not accept this client's certificate, or asks for one and got none.`, hint: 'Give the client certificate and key that the broker trusts (mutual TLS).' }
  }
  if (/PROTOCOL_VERSION|protocol version|UNSUPPORTED_PROTOCOL/i.test(text)) return { message: `${broker} speaks only a version of TLS that is not accepted here.`, hint: 'The broker must offer TLS 1.2 or 1.3 (ssl.enabled.protocols).' }
  if (isCutHandshake(code, message)) return { message: `${broker} closed the connection while TLS was being agreed.`, hint: 'The port may be one without TLS: turn TLS off, or use the port of the TLS listener. A broker that is starting does so too.' }
  return { message: `TLS with ${broker} failed: ${code}.`, hint: 'Check the authority, the client certificate and the server name.' }
}

function at(date: string | undefined): string {
  return date === undefined ? '' : ` (${date})`
}

function of(certificate: PeerCertificate | undefined): string {
  const name = first(certificate?.subject.CN)
  return name === undefined ? '' : ` (${name})`
}

function by(certificate: PeerCertificate | undefined): string {
  const name = first(certificate?.issuer.CN) ?? first(certificate?.issuer.O)
  return name === undefined ? '' : `: ${name}`
}

/** The names and addresses that a certificate is for. */
export function certificateNames({ subjectaltname, subject }: PeerCertificate): string | undefined {
  return plainNames(subjectaltname) ?? first(subject.CN)
}

/** Node's message lists the names where the certificate itself is not at hand. */
function names(certificate: PeerCertificate | undefined, message: string): string {
  return (certificate === undefined ? plainNames(/cert's altnames: (.*)$/.exec(message)?.[1]) : certificateNames(certificate)) ?? 'none is given'
}

function plainNames(list: string | undefined): string | undefined {
  return list?.replace(/\b(?:DNS|IP Address):/g, '').slice(0, 300)
}

/** A distinguished name may hold a field several times. */
function first(field: string | string[] | undefined): string | undefined {
  return Array.isArray(field) ? field[0] : field
}
