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
