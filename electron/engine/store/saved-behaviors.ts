import { Coverage } from '../../../shared/model/coverage.ts'
import { row, rows, type DuckDBConnection } from './database.ts'

/** A behavior that is kept in the workspace, and what its last run has found. Times in microseconds. */
export interface SavedBehavior {
  readonly name: string
  readonly version: number
  readonly text: string
  readonly savedAt: bigint
  /** Whose matches are its own; undefined until a run has ended. */
  readonly run: number | undefined
  /** The version that the run was of. */
  readonly foundVersion: number | undefined
  readonly covered: Coverage | undefined
  readonly watermark: bigint | undefined
  readonly events: number
  readonly open: number
  readonly foundAt: bigint | undefined
  /** Why the last run has failed. */
  readonly failure: string | undefined
}

/** Every behavior of the workspace, by name. All that cover the same share one object, so that it is compared once. */
export async function loadBehaviors(connection: DuckDBConnection): Promise<readonly SavedBehavior[]> {
  const coverages = new Map<string, Coverage>()
  const parse = (text: string): Coverage => {
    const parsed = coverages.get(text) ?? Coverage.parse(JSON.parse(text))
    coverages.set(text, parsed)
    return parsed
  }
  const found = await rows(connection, 'SELECT name, version, text, epoch_us(saved_at) AS saved, run, found_version, covered, epoch_us(watermark) AS watermark, events, open, epoch_us(found_at) AS found, failure FROM behaviors ORDER BY name')
  return found.map((one) => ({
    name: one.name as string,
    version: one.version as number,
    text: one.text as string,
    savedAt: one.saved as bigint,
    run: (one.run as number | null) ?? undefined,
    foundVersion: (one.found_version as number | null) ?? undefined,
    covered: one.covered === null ? undefined : parse(one.covered as string),
    watermark: (one.watermark as bigint | null) ?? undefined,
    events: Number(one.events),
    open: Number(one.open),
    foundAt: (one.found as bigint | null) ?? undefined,
    failure: (one.failure as string | null) ?? undefined,
  }))
}

/** The behavior of a name. */
export async function loadBehavior(connection: DuckDBConnection, name: string): Promise<SavedBehavior | undefined> {
  return (await loadBehaviors(connection)).find((saved) => saved.name === name)
}

/** Whether a behavior has the definition that it had: the same text that was removed and saved again in between is another. */
export function hasSameDefinition(before: SavedBehavior, now: SavedBehavior | undefined): now is SavedBehavior {
  return now?.savedAt === before.savedAt
}

/** Whether a behavior is as it was, but for what has come since: its definition, the run of its matches, and whether these are still wanted. */
export function isAsItWas(before: SavedBehavior, now: SavedBehavior | undefined): boolean {
  return hasSameDefinition(before, now) && now.run === before.run && now.failure === before.failure && (now.covered === undefined) === (before.covered === undefined)
}

/** The run that has a behavior's matches; one that no match has, before its first run has ended. */
export async function runOf(connection: DuckDBConnection, name: string): Promise<number> {
  const [found] = await rows(connection, 'SELECT run FROM behaviors WHERE name = $1', [name])
  return (found?.run ?? -1) as number
}

/** Keeps a definition: a new behavior, or a new version of one; the matches of the former stay until a run has ended. Part of a transaction. */
export async function saveDefinition(connection: DuckDBConnection, name: string, text: string): Promise<void> {
  const [known] = await rows(connection, 'SELECT version FROM behaviors WHERE name = $1', [name])
  if (known === undefined) await connection.run('INSERT INTO behaviors VALUES ($1, 1, $2, now()::TIMESTAMP, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL)', [name, text])
  else await connection.run('UPDATE behaviors SET version = $3, text = $2, saved_at = now()::TIMESTAMP, failure = NULL WHERE name = $1', [name, text, (known.version as number) + 1])
}

/** Lets a behavior be searched for in all events again. Part of a transaction. */
export async function forgetResult(connection: DuckDBConnection, name: string): Promise<void> {
  await connection.run('UPDATE behaviors SET covered = NULL, failure = NULL WHERE name = $1', [name])
}

/** Forgets a behavior and its matches. Part of a transaction. @returns false when there is none of that name */
export async function removeDefinition(connection: DuckDBConnection, name: string): Promise<boolean> {
  const [known] = await rows(connection, 'SELECT run FROM behaviors WHERE name = $1', [name])
  if (known === undefined) return false
  if (known.run !== null) await connection.run(`DELETE FROM matches WHERE run = ${known.run as number}`)
  await connection.run('DELETE FROM behaviors WHERE name = $1', [name])
  return true
}

/** What a run, whole or of what came since, has come to. */
export interface RunResult {
  readonly run: number
  readonly version: number
  readonly covered: Coverage
  /** Microseconds; not finite without events. */
  readonly watermark: number
  readonly events: number
  readonly open: number
}

/** Makes the matches of runs those of their behaviors, by name. Part of the transaction that stores the matches. */
export async function saveResults(connection: DuckDBConnection, results: ReadonlyMap<string, RunResult>): Promise<void> {
  const all = [...results].map(([name, { covered, watermark, ...result }]) => ({ name, ...result, covered: JSON.stringify(covered), watermark: Number.isFinite(watermark) ? watermark : null }))
  await connection.run(
    `UPDATE behaviors SET run = r.run, found_version = r.version, covered = r.covered, watermark = make_timestamp(r.watermark), events = r.events, open = r.open, found_at = now()::TIMESTAMP, failure = NULL
     FROM (SELECT unnest(from_json($1, '[{"name": "VARCHAR", "run": "INTEGER", "version": "INTEGER", "covered": "VARCHAR", "watermark": "BIGINT", "events": "BIGINT", "open": "BIGINT"}]'), recursive := true)) r
     WHERE behaviors.name = r.name`,
    [JSON.stringify(all)],
  )
}

/** Says that the last run has failed, and why. Part of a transaction. */
export async function saveFailure(connection: DuckDBConnection, name: string, failure: string): Promise<void> {
  await connection.run('UPDATE behaviors SET failure = $2 WHERE name = $1', [name, failure])
}

/** The greatest number of a run that is stored. */
export async function lastRun(connection: DuckDBConnection): Promise<number> {
  const found = await row(connection, 'SELECT greatest((SELECT coalesce(max(run), 0) FROM behaviors), (SELECT coalesce(max(run), 0) FROM matches)) AS run')
  return found.run as number
}

/** Removes the matches of runs that a crash has cut short. */
export async function removeUnfinished(connection: DuckDBConnection): Promise<void> {
  await connection.run('DELETE FROM matches WHERE run NOT IN (SELECT run FROM behaviors WHERE run IS NOT NULL)')
}
