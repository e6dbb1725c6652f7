import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { fileMb } from './ingest.ts'

/**
 * Part (d) of the ingest bench: what people build by hand. kcat writes the values into a pipe, DuckDB's read_json takes
 * them into a table. No offsets, no keys, no resuming.
 */
const [broker = '', topic = '', wanted = '0', folder = ''] = process.argv.slice(2)
const pipe = join(folder, 'pipe')
const file = join(folder, 'kcat.duckdb')
spawnSync('mkfifo', [pipe])
const instance = await DuckDBInstance.create(file, { threads: '2', autoinstall_known_extensions: 'false' })
const connection = await instance.connect()
const started = performance.now()
const cpuBefore = process.cpuUsage()
const { spawn } = await import('node:child_process')
const kcat = spawn('sh', ['-c', `kcat -C -e -q -o beginning -b "$0" -t "$1" > "$2"`, broker, topic, pipe], { stdio: 'ignore' })
await connection.run(`CREATE TABLE events AS SELECT * FROM read_json('${pipe}', format = 'newline_delimited', auto_detect = false,
  columns = {event_time: 'TIMESTAMP', event_type: 'VARCHAR', product_id: 'VARCHAR', price: 'DOUBLE', user_id: 'VARCHAR', user_session: 'VARCHAR', page: 'JSON', device: 'VARCHAR'})`)
await connection.run('CHECKPOINT')
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(cpuBefore)
const events = Number((await connection.runAndReadAll('SELECT count(*) FROM events')).getRows()[0]?.[0])
if (events !== Number(wanted)) throw new Error(`${events} events of ${wanted}`)
kcat.kill()
const mb = fileMb(file)
connection.closeSync()
instance.closeSync()
process.stdout.write(`${JSON.stringify({ events, seconds, peakMb: process.resourceUsage().maxRSS / 1024, cpuSeconds: (user + system) / 1e6, notes: { 'file MB': mb } })}\n`)
