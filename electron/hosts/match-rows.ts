import { tableFromIPC } from 'apache-arrow'
import { matchOfRow } from '../../shared/model/match-row.ts'
import type { Match } from '../../shared/model/match.ts'

/** The matches of one Arrow batch of the stream `behaviors.all`. */
export function* readMatchRows(bytes: Uint8Array): Generator<Match> {
  const table = tableFromIPC(bytes)
  const column = (name: string): { get(row: number): unknown } => {
    const found = table.getChild(name)
    if (found === null) throw new Error(`no column ${name}`)
    return found
  }
  const [behavior, key, until, start, end, tied, steps, returns] = ['behavior', 'key', 'until', 'start', 'end', 'tied', 'steps', 'returns'].map(column) as [Column, Column, Column, Column, Column, Column, Column, Column]
  for (let row = 0; row < table.numRows; row++) {
    yield matchOfRow({
      behavior: behavior.get(row) as string,
      key: key.get(row) as string,
      until: until.get(row) as bigint | null,
      start: start.get(row) as bigint,
      end: end.get(row) as bigint,
      tied: tied.get(row) as boolean,
      steps: steps.get(row) as string,
      returns: returns.get(row) as string,
    })
  }
}

type Column = { get(row: number): unknown }

/** A match as machines get it: times in ISO 8601, UTC. */
export function matchToMachine({ behavior, key, state, until, start, end, tied, steps, returns }: Match): object {
  return {
    behavior,
    key,
    state,
    ...(until === undefined ? {} : { until: formatIso(until) }),
    start: formatIso(start),
    end: formatIso(end),
    ...(tied ? { tied } : {}),
    steps: steps.map(stepToMachine),
    returns,
  }
}

/** An event of a match as machines get it. */
export function stepToMachine({ label, type, time, source, position }: Match['steps'][number]): object {
  return { label, type, time: formatIso(time), source, topic: position.topic, partition: position.partition, offset: position.offset }
}

/** ISO 8601 in UTC with as many digits as the time (microseconds) has. */
export function formatIso(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const iso = new Date(Number((micros - rest) / 1000n)).toISOString()
  return rest === 0n ? iso : iso.replace('Z', `${rest.toString().padStart(3, '0')}Z`)
}
