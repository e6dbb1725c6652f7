import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type BackgroundProcess, startInBackground, watched } from './background-process.ts'
import { downloadJars } from './jars.ts'
import { run } from './run.ts'

export interface JavaOptions {
  /** Folder that the program reads and writes; nothing outside of it is visible when it runs in a container. */
  folder: string
  /** Largest heap in MiB. */
  heap: number
}

/** A way to run the main classes of one Kafka version. */
export interface KafkaRuntime {
  /** In words, for messages: "Kafka 4.0.0 from Maven". */
  how: string
  /** Runs a main class to its end and resolves what it printed. */
  run: (mainClass: string, args: readonly string[], options: JavaOptions) => Promise<string>
  /** Starts a main class that runs until it is stopped. */
  start: (mainClass: string, args: readonly string[], options: JavaOptions & { logFile: string }) => BackgroundProcess
}

// The serial collector starts fastest and needs the fewest threads; small machines run several brokers at once.
const javaFlags = ({ heap }: JavaOptions): string[] => [`-Xmx${heap}m`, '-XX:+UseSerialGC', '-Xshare:auto', '-Djava.awt.headless=true']
// A tool that lives for a second is not worth optimising by the second compiler.
const shortLived = '-XX:TieredStopAtLevel=1'
const logFlags = ['-Dorg.slf4j.simpleLogger.showDateTime=true', '-Dorg.slf4j.simpleLogger.defaultLogLevel=info']

/**
 * Runs Kafka from the jars that its project publishes, downloaded once.
 * @throws when Java 17 is missing, or nothing is cached and `mvn` is missing or cannot download
 */
export async function mavenRuntime(version: string): Promise<KafkaRuntime> {
  await requireJava(17)
  const jars = await downloadJars(`kafka-${version}`, [
    { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version, without: ['org.slf4j:slf4j-reload4j'] },
    { groupId: 'org.slf4j', artifactId: 'slf4j-simple', version: '1.7.36' },
  ])
  const command = (flags: readonly string[], mainClass: string, args: readonly string[]): string[] => [...flags, '-cp', join(jars, '*'), mainClass, ...args]
  return {
    how: `Kafka ${version} from Maven`,
    run: (mainClass, args, options) => run('java', command([...javaFlags(options), shortLived], mainClass, args)),
    start: (mainClass, args, options) => startInBackground(watched(['java', ...command([...javaFlags(options), ...logFlags], mainClass, args)]), options.logFile),
  }
}

/**
 * Runs Kafka from the official container image, on the host's network, so that the same settings serve as without it.
 * @throws when the docker daemon does not answer or the image cannot be pulled
 */
export async function dockerRuntime(version: string): Promise<KafkaRuntime> {
  await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 })
  const image = `apache/kafka:${version}`
  await run('docker', ['image', 'inspect', image]).catch(() => run('docker', ['pull', '--quiet', image], { timeout: 300_000 }))
  const user = `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`
  const command = (name: string, folder: string, inner: readonly string[]): string[] => {
    const [file = '', ...args] = inner
    // --init: as the first process of its container Java could not be killed by its watcher.
    return ['run', '--rm', '-i', '--init', '--name', name, '--network', 'host', '--user', user, '-v', `${folder}:${folder}`, '--entrypoint', file, image, ...args]
  }
  const java = (flags: readonly string[], mainClass: string, args: readonly string[]): string[] => ['java', ...flags, '-cp', '/opt/kafka/libs/*', mainClass, ...args]
  const newName = (): string => `undercurrent-test-${randomUUID()}`
  return {
    how: `Kafka ${version} from the docker image ${image}`,
    run: (mainClass, args, options) => run('docker', command(newName(), options.folder, java([...javaFlags(options), shortLived], mainClass, args))),
    start: (mainClass, args, options) => {
      const name = newName()
      const inner = watched(java([...javaFlags(options), ...logFlags], mainClass, args))
      const kill = (signal: string): Promise<string> => run('docker', ['kill', '--signal', signal, name])
      return startInBackground(['docker', ...command(name, options.folder, inner)], options.logFile, kill)
    },
  }
}

/** @throws when `java` on the PATH is missing or older than the given major version */
export async function requireJava(major: number): Promise<void> {
  const printed = await run('java', ['-version'], { timeout: 20_000 })
  const found = Number(/version "(\d+)/.exec(printed)?.[1])
  if (!(found >= major)) throw new Error(`Java ${major} or newer is needed, found ${printed.split('\n', 1)[0] ?? 'none'}`)
}
