import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './run.ts'

export interface Artifact {
  groupId: string
  artifactId: string
  version: string
  /** Artifacts of the dependency tree to leave out, as "groupId:artifactId"; either may be an asterisk. */
  without?: readonly string[]
}

/** Milliseconds that one download may take, and after which a lock left behind is taken over. */
const downloadTimeout = 5 * 60_000

/** Folder in which the test tools keep what they downloaded, for good: in `$XDG_CACHE_HOME` or ~/.cache. */
function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'undercurrent-test-kafka')
}

/**
 * Downloads artifacts and everything that they need at run time with Maven, once per machine.
 * @param name name of the folder under the cache; has to change when the artifacts do
 * @returns the folder with the jars; callers in several processes get the same one, complete
 * @throws when nothing is cached and `mvn` is missing or cannot download
 */
export function downloadJars(name: string, artifacts: readonly Artifact[]): Promise<string> {
  return download(name, pom(artifacts), ['dependency:copy-dependencies', '-DincludeScope=runtime'])
}

/**
 * Downloads one archive with Maven and unpacks it, once per machine.
 * @param artifact "groupId:artifactId:version:ending:classifier"
 * @returns the folder with its content
 * @throws as `downloadJars`
 */
export function downloadArchive(name: string, artifact: string): Promise<string> {
  return download(name, pom([]), ['dependency:unpack', `-Dartifact=${artifact}`])
}

async function download(name: string, pomText: string, goal: readonly string[]): Promise<string> {
  const folder = join(cacheFolder(), name)
  const content = join(folder, 'content')
  if (await exists(content)) return content
  const unlock = await lock(`${folder}.lock`)
  try {
    if (await exists(content)) return content
    const work = `${folder}.${process.pid}.tmp`
    await mkdir(work, { recursive: true })
    try {
      await writeFile(join(work, 'pom.xml'), pomText)
      await run('mvn', ['-B', '-q', '-Dstyle.color=never', ...goal, '-DoutputDirectory=content'], { cwd: work, timeout: downloadTimeout })
      // The folder appears under its name only when it is complete.
      await rename(work, folder).catch(async (error: unknown) => {
        // Somebody who took our lock for stale was faster.
        if (!(await exists(content))) throw error
      })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
    return content
  } finally {
    await unlock()
  }
}

/** Waits for the lock rather than downloading twice: Maven's own repository does not like two writers. */
async function lock(path: string): Promise<() => Promise<void>> {
  await mkdir(cacheFolder(), { recursive: true })
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' })
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (await isStale(path)) await rm(path, { force: true })
    else await sleep(200)
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > downloadTimeout) return true
    const owner = Number(await readFile(path, 'utf8'))
    if (owner > 0) process.kill(owner, 0)
    return false
  } catch (error) {
    // ESRCH: the owner died without unlocking. Anything else (the lock has just gone) is decided by the next attempt.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}

function pom(artifacts: readonly Artifact[]): string {
  const exclusion = (name: string): string => {
    const [groupId = '*', artifactId = '*'] = name.split(':')
    return `<exclusion><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId></exclusion>`
  }
  const dependency = ({ groupId, artifactId, version, without = [] }: Artifact): string => `    <dependency>
      <groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>
      <exclusions>${without.map(exclusion).join('')}</exclusions>
    </dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>undercurrent.test</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
${artifacts.map(dependency).join('\n')}
  </dependencies>
</project>
`
}
