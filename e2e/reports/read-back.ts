import { DuckDBInstance } from '@duckdb/node-api'

/** How many matches DuckDB reads from the exported files, and how many of the one file the others do not have. */
export interface ReadBack {
  readonly csv: number
  readonly parquet: number
  readonly ndjson: number
  readonly different: number
}

/** Reads the exported matches of `everyEvent` by DuckDB from all three files, and compares every value of every match. */
export async function readBack(files: { readonly csv: string; readonly parquet: string; readonly ndjson: string }): Promise<ReadBack> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
  const connection = await instance.connect()
  const columns = `behavior, state, until::TIMESTAMPTZ AS until, start::TIMESTAMPTZ AS start, "end"::TIMESTAMPTZ AS "end"`
  const position = `{'label': s.label, 'type': s.type, 'time': s.time::TIMESTAMPTZ, 'source': s.source, 'topic': s.topic, 'partition': s.partition::INTEGER, 'offset': s."offset"::BIGINT}`
  const step = `'[{"label":"VARCHAR","type":"VARCHAR","time":"VARCHAR","source":"VARCHAR","topic":"VARCHAR","partition":"INTEGER","offset":"BIGINT"}]'`
  await connection.run(`CREATE VIEW parquet AS SELECT ${columns}, "user", item, price, note, list_transform(steps, lambda s: ${position}) AS steps FROM read_parquet('${quoted(files.parquet)}')`)
  // an empty text stands in quotes, no value does not
  await connection.run(`CREATE VIEW csv AS SELECT ${columns}, "user", item, price::DOUBLE AS price, note, list_transform(from_json(steps, ${step}), lambda s: ${position}) AS steps FROM read_csv('${quoted(files.csv)}', header = true, all_varchar = true, allow_quoted_nulls = false, quote = '"', escape = '"', delim = ',', max_line_size = 4000000)`)
  await connection.run(`CREATE VIEW ndjson AS SELECT ${columns}, key.user AS "user", key.item AS item, returns.price AS price, returns.note AS note, list_transform(steps, lambda s: ${position}) AS steps
    FROM read_json('${quoted(files.ndjson)}', format = 'newline_delimited', columns = {behavior: 'VARCHAR', key: 'STRUCT("user" VARCHAR, item VARCHAR)', state: 'VARCHAR', until: 'VARCHAR', start: 'VARCHAR', "end": 'VARCHAR', steps: 'STRUCT(label VARCHAR, type VARCHAR, "time" VARCHAR, source VARCHAR, topic VARCHAR, partition INTEGER, "offset" BIGINT)[]', returns: 'STRUCT(price DOUBLE, note VARCHAR)'})`)
  const count = async (sql: string): Promise<number> => Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
  const found = {
    csv: await count('SELECT count(*) FROM csv'),
    parquet: await count('SELECT count(*) FROM parquet'),
    ndjson: await count('SELECT count(*) FROM ndjson'),
    different: await count('SELECT (SELECT count(*) FROM (FROM parquet EXCEPT ALL FROM csv)) + (SELECT count(*) FROM (FROM csv EXCEPT ALL FROM parquet)) + (SELECT count(*) FROM (FROM ndjson EXCEPT ALL FROM parquet))'),
  }
  connection.closeSync()
  instance.closeSync()
  return found
}

function quoted(path: string): string {
  return path.replaceAll("'", "''")
}
