import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Availability } from '../kafka/availability.ts'
import { downloadJars } from '../kafka/jars.ts'
import { run } from '../kafka/run.ts'
import { requireJava } from '../kafka/runtime.ts'

/** The release line that has long-term support. */
const version = '1.20.1'
const kafkaConnector = '3.4.0-1.20'
const jars = ['flink-table-planner_2.12', 'flink-table-api-java-bridge', 'flink-table-runtime', 'flink-clients', 'flink-cep', 'flink-connector-files', 'flink-json']

/** What a job gave: a list for each row, or the message with which it failed. */
export type FlinkResult = { readonly rows: readonly unknown[] } | { readonly error: string }

/** Whether Flink can run here, and else why not. Downloads it at the first call on a machine. Never rejects. */
export async function flinkAvailability(): Promise<Availability> {
  try {
    await requireJava(17)
    await flinkJars()
    return { available: true, how: `Flink ${version} from Maven` }
  } catch (error) {
    return { available: false, reason: `no Flink ${version}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}` }
  }
}

/**
 * Runs jobs, each a list of statements the last of which is a query, one after the other in one Java process: its start
 * costs ten times as much as a job.
 *
 * @param timeout milliseconds for all of them
 */
export async function runFlink(jobs: readonly (readonly string[])[], timeout: number): Promise<readonly FlinkResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'undercurrent-flink-'))
  try {
    const runner = join(folder, 'Runner.java')
    await cp(fileURLToPath(new URL('Runner.java', import.meta.url)), runner)
    const files = jobs.map((_, index) => join(folder, `${index}.sql`))
    for (const [index, statements] of jobs.entries()) await writeFile(files[index] as string, statements.join('\n%\n'))
    const opens = ['java.util', 'java.lang', 'java.net', 'java.time'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`)
    const printed = await run('java', [`-Djava.io.tmpdir=${folder}`, '-Xmx700m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...opens, '-cp', join(await flinkJars(), '*'), runner, ...files], { timeout })
    return readResults(printed, jobs.length)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function flinkJars(): Promise<string> {
  return downloadJars(`flink-${version}-kafka-${kafkaConnector}`, [...jars.map((artifactId) => ({ groupId: 'org.apache.flink', artifactId, version })), { groupId: 'org.apache.flink', artifactId: 'flink-connector-kafka', version: kafkaConnector }, { groupId: 'org.slf4j', artifactId: 'slf4j-nop', version: '1.7.36' }])
}

function readResults(printed: string, jobs: number): readonly FlinkResult[] {
  const parts = printed.split(/^file .*$/m).slice(1)
  if (parts.length !== jobs) throw new Error(`Flink came to job ${parts.length} of ${jobs}: ${printed.slice(-2000)}`)
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8')
  return parts.map((part) => {
    const lines = part.split('\n')
    const error = lines.find((line) => line.startsWith('error '))
    if (error !== undefined) return { error: decode(error.slice(6)) }
    return { rows: lines.filter((line) => line.startsWith('row ')).map((line): unknown => JSON.parse(decode(line.slice(4)))) }
  })
}
