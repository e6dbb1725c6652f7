import { dockerRuntime, type KafkaRuntime, mavenRuntime } from './runtime.ts'

/** Newest release of Kafka 4, the default. */
export const kafka4 = '4.4.0'
/** Newest release of Kafka 3, the last line that clients older than Kafka 2.1 can talk to. */
export const kafka3 = '3.9.2'

export type Availability = { available: true; how: string } | { available: false; reason: string }

export type KafkaSource = { runtime: KafkaRuntime } | { brokers: string } | { reason: string }

const sources = new Map<string, Promise<KafkaSource>>()

/** The version to start when a test does not name one: `$KAFKA_VERSION`, or the newest Kafka 4. */
export function defaultVersion(): string {
  return process.env['KAFKA_VERSION'] ?? kafka4
}

/**
 * Finds where a broker can come from: jars from Maven, else the docker image, else the broker at `$KAFKA_BROKERS`.
 * Downloads what is missing, so the first call on a machine takes a while. Never rejects.
 */
export function findKafka(version: string): Promise<KafkaSource> {
  const known = sources.get(version) ?? search(version)
  sources.set(version, known)
  return known
}

/**
 * Tells whether `startBroker` can start a broker here, and else why not, for the name of the skipped tests.
 * Downloads what is missing, so the first call on a machine takes a while. Never rejects.
 * @param external whether the broker at `$KAFKA_BROKERS` will do, which cannot be stopped, secured or chosen by version
 */
export async function availability(version = defaultVersion(), external: 'allowed' | 'refused' = 'allowed'): Promise<Availability> {
  const source = await findKafka(version)
  if ('reason' in source) return { available: false, reason: source.reason }
  if ('runtime' in source) return { available: true, how: source.runtime.how }
  if (external === 'allowed') return { available: true, how: `the broker at ${source.brokers}` }
  return { available: false, reason: 'the broker at KAFKA_BROKERS is not ours to stop and start' }
}

async function search(version: string): Promise<KafkaSource> {
  if (process.platform === 'win32') return { reason: 'no test broker on Windows' }
  const reasons: string[] = []
  for (const find of [mavenRuntime, dockerRuntime]) {
    try {
      return { runtime: await find(version) }
    } catch (error) {
      reasons.push(firstLine(error))
    }
  }
  const brokers = process.env['KAFKA_BROKERS']
  if (brokers !== undefined && brokers !== '') return { brokers }
  return { reason: `no Kafka ${version}: ${reasons.join('; ')}; KAFKA_BROKERS is not set` }
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line.replace(/^\[ERROR\] /, '')
}
