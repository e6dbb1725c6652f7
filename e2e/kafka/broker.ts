import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultVersion, findKafka } from './availability.ts'
import type { BackgroundProcess } from './background-process.ts'
import { type BrokerSecurity, brokerSettings, type BrokerUser, listenerNames, type ListenerName, testUsers } from './broker-settings.ts'
import { makeCertificates, type TestCertificates } from './certificates.ts'
import { freePorts } from './ports.ts'
import { whenReady } from './ready.ts'
import type { KafkaRuntime } from './runtime.ts'

export { availability } from './availability.ts'

export interface BrokerOptions extends BrokerSecurity {
  /** Exact version, as "4.0.0"; `$KAFKA_VERSION` or the newest Kafka 4 by default. */
  version?: string
  /** Largest heap of the broker in MiB, 512 by default. */
  heap?: number
  /** Further broker settings, which win over all others. */
  settings?: Readonly<Record<string, string>>
}

export interface Broker {
  /** Address of the listener without encryption and login, "host:port". */
  brokers: string
  /** Addresses of the listeners that the options asked for. */
  listeners: { plaintext: string } & Partial<Record<ListenerName, string>>
  /** Version that was asked for; "unknown" when the broker is the one at `$KAFKA_BROKERS`. */
  version: string
  /** PEM files, when there is a TLS listener. */
  certificates?: TestCertificates
  /** Users of the listeners with SASL. */
  users: readonly BrokerUser[]
  /** Ends the broker and deletes its data. */
  stop: () => Promise<void>
  /** Kills the broker as a power cut would, but for the page cache. The data stay. */
  kill9: () => Promise<void>
  /** Starts the broker again with the same ports and data, after shutting it down in order if it runs. */
  restart: () => Promise<void>
}

/** Three times: somebody may take the port between our finding it and the broker's listening on it. */
const attempts = 3

/**
 * Starts a Kafka broker on 127.0.0.1 with empty data, and resolves when it answers: some four seconds, and on the first
 * call of a machine the time of the download. It ends with this process at the latest.
 * @throws when no broker can be had here (`availability` tells the reason beforehand) or it does not start
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const version = options.version ?? defaultVersion()
  const source = await findKafka(version)
  if ('reason' in source) throw new Error(source.reason)
  if ('brokers' in source) return externalBroker(source.brokers, options)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(source.runtime, version, options)
    } catch (error) {
      if (attempt === attempts || !String(error).includes('Address already in use')) throw error
    }
  }
}

async function startOnce(runtime: KafkaRuntime, version: string, options: BrokerOptions): Promise<Broker> {
  const { users = testUsers, heap = 512, settings = {} } = options
  const folder = await mkdtemp(join(tmpdir(), 'undercurrent-kafka-'))
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', removeFolder)
  let broker: BackgroundProcess | undefined
  const stop = async (): Promise<void> => {
    // Nobody looks at the data any more, so there is no need to wait for an orderly end.
    await broker?.end('SIGKILL')
    process.off('exit', removeFolder)
    removeFolder()
  }
  try {
    const certificates = options.ssl === undefined ? undefined : await makeCertificates(folder)
    const names = listenerNames(options)
    const [controllerPort = 0, ...listenerPorts] = await freePorts(names.length + 1)
    const ports = new Map(names.map((name, index) => [name, listenerPorts[index] ?? 0]))
    const settingsFile = join(folder, 'server.properties')
    await mkdir(join(folder, 'data'))
    await writeFile(settingsFile, brokerSettings(options, { folder, controllerPort, ports, certificates }, settings))
    await runtime.run('kafka.tools.StorageTool', formatArguments(settingsFile, options), { folder, heap: 256 })
    const addresses = Object.fromEntries([...ports].map(([name, port]) => [name, `127.0.0.1:${port}`]))
    const brokers = `127.0.0.1:${ports.get('plaintext') ?? 0}`
    const start = async (): Promise<void> => {
      broker = runtime.start('kafka.Kafka', [settingsFile], { folder, heap, logFile: join(folder, 'broker.log') })
      await whenReady(brokers, broker)
    }
    await start()
    return {
      brokers,
      listeners: { plaintext: brokers, ...addresses },
      version,
      ...(certificates === undefined ? {} : { certificates }),
      users,
      stop,
      kill9: async () => broker?.end('SIGKILL'),
      restart: async () => {
        await broker?.end('SIGTERM')
        await start()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function formatArguments(settingsFile: string, { sasl = [], users = testUsers }: BrokerOptions): string[] {
  // the text may begin with a dash, so it is passed behind an equals sign: one in 64 would be taken for an option
  const clusterId = randomBytes(16).toString('base64url')
  const scram = sasl.filter((mechanism) => mechanism !== 'PLAIN').flatMap((mechanism) =>
    users.flatMap(({ username, password }) => ['--add-scram', `${mechanism}=[name=${username},password=${password}]`]))
  return ['format', `--cluster-id=${clusterId}`, '--config', settingsFile, ...scram]
}

function externalBroker(brokers: string, options: BrokerOptions): Broker {
  if (listenerNames(options).length > 1 || options.acl === true || options.settings !== undefined) {
    throw new Error('The broker at KAFKA_BROKERS cannot be given other listeners, rights or settings')
  }
  const notOurs = (): Promise<never> => Promise.reject(new Error('The broker at KAFKA_BROKERS is not ours to stop and start'))
  return { brokers, listeners: { plaintext: brokers }, version: 'unknown', users: [], stop: () => Promise.resolve(), kill9: notOurs, restart: notOurs }
}
