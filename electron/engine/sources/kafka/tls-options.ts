import { isIP } from 'node:net'
import { createSecureContext, type ConnectionOptions } from 'node:tls'
import { AppError } from '../../../../shared/errors.ts'
import type { Tls } from '../../../../shared/model/connection.ts'
import { systemAuthorities } from './system-authorities.ts'

/**
 * Options of a TLS connection to a broker. Certificates are read once, here, and not for every connection.
 *
 * @throws AppError CONNECT_TLS when a certificate, the key or its passphrase is wrong
 */
export function tlsOptions(settings: Tls): ConnectionOptions {
  const { ca, cert, key, passphrase, servername, insecure } = settings
  if ((cert === undefined) !== (key === undefined)) {
    const [there, lacking] = cert === undefined ? ['key', 'certificate'] : ['certificate', 'key']
    throw new AppError('CONNECT_TLS', `A client ${there} is given without its ${lacking}.`, { hint: `Give the ${lacking} that belongs to the ${there}, or neither.` })
  }
  const authorities = ca ?? systemAuthorities()
  try {
    const secureContext = createSecureContext({
      ...(authorities === undefined ? {} : { ca: authorities }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    })
    return { secureContext, rejectUnauthorized: insecure !== true, ...(servername === undefined || servername === '' ? {} : { servername }) }
  } catch (error) {
    throw unreadable(error)
  }
}

/** The name that a broker's certificate is checked against and that is sent to it (SNI); no name is sent for an address. */
export function serverName(options: ConnectionOptions, host: string): { servername?: string } {
  if (options.servername !== undefined) return { servername: options.servername }
  return isIP(host) === 0 ? { servername: host } : {}
}

/** OpenSSL's messages name the reason and never quote the text, so they are safe to show. */
function unreadable(error: unknown): AppError {
  const { message } = error instanceof Error ? error : new Error(String(error))
  if (/bad decrypt|passphrase|password/i.test(message)) return new AppError('CONNECT_TLS', 'The client key cannot be opened with this passphrase.', { hint: 'Check the passphrase of the key.' })
  if (/key values mismatch/i.test(message)) return new AppError('CONNECT_TLS', 'The client key does not belong to the client certificate.', { hint: 'Give the key that the certificate was made for.' })
  return new AppError('CONNECT_TLS', `A certificate or key cannot be read: ${message}.`, { hint: 'Authority, certificate and key must be PEM texts, which begin with -----BEGIN.' })
}
