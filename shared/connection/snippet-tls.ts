import type { Tls } from '../model/connection.ts'
import { normalizePem } from './pem.ts'
import type { Settings } from './settings.ts'

const materials = ['ssl.truststore.certificates', 'ssl.truststore.location', 'ssl.keystore.certificate.chain', 'ssl.keystore.location', 'ssl.ca.pem', 'ssl.ca.location', 'ssl.certificate.pem', 'ssl.certificate.location', 'ssl.ca', 'ssl.cert']

/** Tells whether a snippet without a protocol still means TLS: it brings a certificate, or says so as KafkaJS does. */
export function mentionsTls(settings: Settings): boolean {
  return settings.take('ssl') === 'true' || settings.has(...materials)
}

/**
 * Reads TLS settings of Java (PEM stores, KIP-651), librdkafka and KafkaJS. A file becomes an entry of `files`; a Java
 * keystore a note on how to turn it into PEM.
 */
export function readTls(settings: Settings): Tls {
  const tls: Tls = {}
  const ca = readPem(settings, 'tls.ca', ['ssl.truststore.certificates', 'ssl.ca.pem', 'ssl.ca'], ['ssl.ca.location'])
  if (ca !== undefined) tls.ca = ca
  const cert = readPem(settings, 'tls.cert', ['ssl.keystore.certificate.chain', 'ssl.certificate.pem', 'ssl.cert'], ['ssl.certificate.location'])
  if (cert !== undefined) tls.cert = cert
  const key = readPem(settings, 'tls.key', ['ssl.keystore.key', 'ssl.key.pem', 'ssl.key'], ['ssl.key.location'])
  if (key !== undefined) tls.key = key
  readStore(settings, 'truststore', ['tls.ca'])
  readStore(settings, 'keystore', ['tls.cert', 'tls.key'])
  const passphrase = settings.take('ssl.key.password')
  if (passphrase !== undefined) tls.passphrase = passphrase
  noteChecksTurnedOff(settings)
  return tls
}

function readPem(settings: Settings, field: string, texts: readonly string[], locations: readonly string[]): string | undefined {
  for (const name of locations) {
    const path = settings.take(name)
    // librdkafka's word for "look for the system's own"
    if (path !== undefined && path !== 'probe') settings.files.push({ field, path })
  }
  return texts.map((name) => settings.take(name)).filter((text) => text !== undefined).map(normalizePem).at(0)
}

function readStore(settings: Settings, store: 'truststore' | 'keystore', fields: readonly string[]): void {
  const type = settings.take(`ssl.${store}.type`)?.toUpperCase()
  const path = settings.take(`ssl.${store}.location`)
  const hasPassword = settings.take(`ssl.${store}.password`) !== undefined
  if (path === undefined) return
  if (type === 'PEM' || (type === undefined && /\.(?:pem|crt|cer)$/i.test(path))) {
    settings.files.push(...fields.map((field) => ({ field, path })))
    return
  }
  const password = hasPassword ? ' (it asks for the password in the snippet)' : ''
  const how = store === 'truststore'
    ? `Write its certificates to a PEM file with "keytool -list -rfc -keystore truststore.jks > ca.pem"${password} and choose that as the authority.`
    : `Turn it into PEM with "keytool -importkeystore -srckeystore keystore.jks -destkeystore client.p12 -deststoretype PKCS12"${password} and "openssl pkcs12 -in client.p12 -out client.pem", and choose that as certificate and key.`
  settings.notes.push(`ssl.${store}.location names a Java keystore (${path}), which is not read. ${how}`)
}

/** Checks stay on: only the user's own hand turns them off, in sight of what it means. */
function noteChecksTurnedOff(settings: Settings): void {
  if (settings.has('ssl.endpoint.identification.algorithm')) {
    if (settings.take('ssl.endpoint.identification.algorithm') !== 'none') return
  } else if (settings.take('enable.ssl.certificate.verification') !== 'false' && settings.take('ssl.rejectUnauthorized') !== 'false') return
  settings.notes.push('The snippet turns off a check of the broker\'s certificate. Here it stays on; where it fails, give the broker\'s authority or server name.')
}
