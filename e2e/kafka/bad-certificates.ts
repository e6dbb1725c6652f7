import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'

export interface KeyPair {
  /** PEM texts. */
  cert: string
  key: string
}

/** Tells why no certificates can be made here, for the name of skipped tests; undefined where they can. */
export async function whyNoCertificates(): Promise<string | undefined> {
  return run('openssl', ['version'], { timeout: 10_000 }).then(() => undefined, () => 'openssl is not installed')
}

/**
 * Makes a self-signed certificate.
 * @param names its alternative names, as `DNS:localhost,IP:127.0.0.1`
 * @param validity its first and last moment, as `YYYYMMDDhhmmssZ`
 * @throws when `openssl` is missing or fails
 */
export async function selfSigned(names: string, validity: readonly [string, string] = ['20240101000000Z', '20400101000000Z']): Promise<KeyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'undercurrent-certificate-'))
  const path = (name: string): string => join(folder, name)
  try {
    // of openssl 3.0's commands only "ca" takes a date in the past, and it wants its files
    await writeFile(path('ca.cnf'), `[ca]\ndefault_ca=own\n[own]\nnew_certs_dir=${folder}\ndatabase=${path('index.txt')}\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nx509_extensions=names\n[any]\ncommonName=supplied\n[names]\nsubjectAltName=${names}\nbasicConstraints=CA:TRUE\n`)
    await writeFile(path('index.txt'), '')
    await run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=broker.test', '-keyout', path('key.pem'), '-out', path('request.pem')])
    await run('openssl', ['ca', '-batch', '-notext', '-selfsign', '-config', path('ca.cnf'), '-keyfile', path('key.pem'), '-in', path('request.pem'), '-startdate', validity[0], '-enddate', validity[1], '-out', path('cert.pem')])
    return { cert: await readFile(path('cert.pem'), 'utf8'), key: await readFile(path('key.pem'), 'utf8') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
