import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'

/** Paths of PEM files. The server's certificate is for 127.0.0.1 and localhost. */
export interface TestCertificates {
  /** Certificate of the authority that signed the two others. */
  ca: string
  /** Certificate of a client, `CN=client`. */
  cert: string
  /** Private key of that client, PKCS #8 without a password. */
  key: string
  /** Private key and certificate chain of the server in one file, as Kafka wants them. */
  serverKeyStore: string
}

/**
 * Makes an authority of its own, a server certificate and a client certificate, valid for 30 days.
 * @param folder existing folder for the files
 * @throws when `openssl` is missing or fails
 */
export async function makeCertificates(folder: string): Promise<TestCertificates> {
  const path = (name: string): string => join(folder, name)
  // Elliptic curve keys, since an RSA key takes a noticeable time to find.
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const extensions = (lines: readonly string[]): string[] => lines.flatMap((line) => ['-addext', line])
  await run('openssl', ['req', '-x509', ...newKey, '-days', '30', '-subj', '/CN=Undercurrent test CA', '-keyout', path('ca.key'), '-out', path('ca.pem'), ...extensions(['keyUsage=critical,keyCertSign,cRLSign'])])
  const issue = async (name: string, lines: readonly string[]): Promise<void> => {
    await run('openssl', ['req', '-new', ...newKey, '-subj', `/CN=${name}`, '-keyout', path(`${name}.key`), '-out', path(`${name}.csr`)])
    await writeFile(path(`${name}.ext`), lines.join('\n'))
    await run('openssl', ['x509', '-req', '-in', path(`${name}.csr`), '-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', '30', '-extfile', path(`${name}.ext`), '-out', path(`${name}.pem`)])
  }
  await issue('server', ['subjectAltName=DNS:localhost,IP:127.0.0.1', 'extendedKeyUsage=serverAuth,clientAuth'])
  await issue('client', ['subjectAltName=DNS:client', 'extendedKeyUsage=clientAuth'])
  const chain = await Promise.all(['server.key', 'server.pem', 'ca.pem'].map((name) => readFile(path(name), 'utf8')))
  await writeFile(path('server-keystore.pem'), chain.join(''))
  return { ca: path('ca.pem'), cert: path('client.pem'), key: path('client.key'), serverKeyStore: path('server-keystore.pem') }
}
