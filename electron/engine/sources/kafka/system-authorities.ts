import { readFileSync } from 'node:fs'
import tls from 'node:tls'

/** Where the usual systems keep their authorities: Debian and Alpine, Fedora, older Red Hat, SUSE, macOS and the BSDs. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * The authorities that the system trusts, as PEM texts; undefined where none are found, which leaves Node its own.
 * Node's default is the list of Mozilla that it was built with, which lacks the authority of a company. What
 * `SSL_CERT_FILE` names takes the place of the system's bundle, what `NODE_EXTRA_CA_CERTS` names is added.
 */
export function systemAuthorities(): string[] | undefined {
  const system = fromNode() ?? fromBundle()
  return system === undefined ? undefined : [...system, ...readPem(process.env['NODE_EXTRA_CA_CERTS'])]
}

/** Node 22.15 and newer read the system's store themselves, on Windows and macOS too. */
function fromNode(): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] }
  if (process.env['SSL_CERT_FILE'] !== undefined) return undefined
  const found = getCACertificates?.('system') ?? []
  return found.length > 0 ? found : undefined
}

function fromBundle(): string[] | undefined {
  for (const path of [process.env['SSL_CERT_FILE'], ...bundles]) {
    const found = readPem(path)
    if (found.length > 0) return found
  }
  return undefined
}

function readPem(path: string | undefined): string[] {
  if (path === undefined || path === '') return []
  try {
    const text = readFileSync(path, 'utf8')
    return text.includes('-----BEGIN') ? [text] : []
  } catch {
    // not every system has every bundle
    return []
  }
}
