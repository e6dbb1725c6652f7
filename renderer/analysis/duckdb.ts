import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm'
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url'
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url'

let started: Promise<AsyncDuckDB> | undefined

/**
 * The window's own DuckDB, in a worker, in memory, started when first needed. It is a sandbox: extensions are neither
 * fetched nor loaded, nothing outside of it can be read or written, and no query can change that.
 */
export function startDuckDb(): Promise<AsyncDuckDB> {
  started ??= start()
  return started
}

async function start(): Promise<AsyncDuckDB> {
  // both files come with the app; an absolute URL, since the worker resolves relative ones against itself
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(new URL(workerUrl, window.location.href)))
  await database.instantiate(new URL(wasmUrl, window.location.href).href)
  await database.open({ query: { castBigIntToDouble: false, castDecimalToDouble: true } })
  const connection = await database.connect()
  // an extension that is not there would be fetched for ever (duckdb-wasm waits without a bound)
  for (const setting of ['autoload_known_extensions = false', 'autoinstall_known_extensions = false', 'enable_external_access = false', 'lock_configuration = true']) await connection.query(`SET ${setting}`)
  await connection.close()
  return database
}
