import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Availability } from './availability.ts'
import { type BackgroundProcess, startInBackground, watched } from './background-process.ts'
import { downloadArchive } from './jars.ts'
import { freePorts } from './ports.ts'
import { requireJava } from './runtime.ts'

/** Apicurio Registry: the last version that Java 17 can run; from 3.1 on it needs Java 21. */
const apicurioVersion = '3.0.9'

/** Milliseconds until a registry that does not answer counts as failed. */
const patience = 60_000

export interface Registry {
  /** Base address of the API as Confluent's registry has it, without a slash at the end. */
  url: string
  /** Ends the registry and deletes its schemas. */
  stop: () => Promise<void>
  /** Kills the registry: connections are refused from then on. The schemas stay. */
  kill9: () => Promise<void>
  /** Starts the registry again with the same port and schemas, after shutting it down in order if it runs. */
  restart: () => Promise<void>
  /** Lets the registry hang: connections are accepted and nothing is answered. */
  pause: () => Promise<void>
  /** Lets a paused registry go on. */
  resume: () => Promise<void>
}

let source: Promise<{ jars: string } | { url: string } | { reason: string }> | undefined

/**
 * Tells whether `startRegistry` can start a schema registry here, and else why not, for the name of the skipped tests.
 * Downloads what is missing (100 MB), so the first call on a machine takes a while. Never rejects.
 * @param external whether the registry at `$SCHEMA_REGISTRY_URL` will do, which cannot be stopped
 */
export async function registryAvailability(external: 'allowed' | 'refused' = 'allowed'): Promise<Availability> {
  source ??= search()
  const found = await source
  if ('reason' in found) return { available: false, reason: found.reason }
  if ('jars' in found) return { available: true, how: `Apicurio Registry ${apicurioVersion} from Maven` }
  if (external === 'allowed') return { available: true, how: `the registry at ${found.url}` }
  return { available: false, reason: 'the registry at SCHEMA_REGISTRY_URL is not ours to stop and start' }
}

/**
 * Starts a schema registry on 127.0.0.1 that knows Avro, Protobuf and JSON schemas, and resolves when it answers: some
 * four seconds. It keeps its schemas in a file of its own and needs no broker. It ends with this process at the latest.
 * @throws when no registry can be had here (`registryAvailability` tells the reason beforehand) or it does not start
 */
export async function startRegistry(): Promise<Registry> {
  source ??= search()
  const found = await source
  if ('reason' in found) throw new Error(found.reason)
  if ('url' in found) return externalRegistry(found.url)
  const { jars } = found
  const folder = await mkdtemp(join(tmpdir(), 'undercurrent-registry-'))
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', removeFolder)
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  let registry: BackgroundProcess | undefined
  const start = async (): Promise<void> => {
    registry = startInBackground(watched(['java', ...javaArguments(jars, folder, port)]), join(folder, 'registry.log'))
    await whenReady(url, registry)
  }
  const stop = async (): Promise<void> => {
    await registry?.end('SIGKILL')
    process.off('exit', removeFolder)
    removeFolder()
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    stop,
    kill9: async () => registry?.end('SIGKILL'),
    restart: async () => {
      await registry?.signal('SIGCONT')
      await registry?.end('SIGTERM')
      await start()
    },
    pause: async () => registry?.signal('SIGSTOP'),
    resume: async () => registry?.signal('SIGCONT'),
  }
}

function javaArguments(jars: string, folder: string, port: number): string[] {
  const settings = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    // Written out at every commit, so that a kill loses nothing.
    'apicurio.datasource.url': `jdbc:h2:file:${join(folder, 'schemas')};WRITE_DELAY=0`,
    'quarkus.log.level': 'WARN',
  }
  const flags = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  return [...flags, ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`), '-jar', join(jars, `apicurio-registry-app-${apicurioVersion}-runner.jar`)]
}

async function whenReady(url: string, registry: BackgroundProcess): Promise<void> {
  const start = Date.now()
  const answers = (): Promise<boolean> => fetch(`${url}/subjects`).then(({ ok }) => ok, () => false)
  while (!(await answers())) {
    if (!registry.running()) throw new Error(`The registry ended while starting:\n${await registry.lastLines(30)}`)
    if (Date.now() - start > patience) throw new Error(`The registry did not answer within ${patience} ms:\n${await registry.lastLines(30)}`)
    await sleep(100)
  }
}

async function search(): Promise<{ jars: string } | { url: string } | { reason: string }> {
  const url = process.env['SCHEMA_REGISTRY_URL']
  try {
    if (process.platform === 'win32') throw new Error('no test registry on Windows')
    await requireJava(17)
    return { jars: await downloadArchive(`apicurio-registry-${apicurioVersion}`, `io.apicurio:apicurio-registry-app:${apicurioVersion}:tar.gz:all`) }
  } catch (error) {
    if (url !== undefined && url !== '') return { url: url.replace(/\/+$/, '') }
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { reason: `no schema registry: ${reason}; SCHEMA_REGISTRY_URL is not set` }
  }
}

function externalRegistry(url: string): Registry {
  const notOurs = (): Promise<never> => Promise.reject(new Error('The registry at SCHEMA_REGISTRY_URL is not ours to stop and start'))
  return { url, stop: () => Promise.resolve(), kill9: notOurs, restart: notOurs, pause: notOurs, resume: notOurs }
}
