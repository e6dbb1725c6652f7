import type { Origins } from '../../charts/strips/align.ts'
import type { Strips } from '../../charts/strips/marks.ts'
import { csvLine } from '../../ui/csv.ts'
import { formatUtc } from '../../ui/format.ts'

/** Lines that are joined before they become a part of the file: one text of it all may be longer than a text can be. */
const linesAPart = 20_000

/**
 * The events of all rows as the parts of a CSV file, in the order of the rows: row, user, step (the user's first event
 * that is shown is 1), time in UTC, type, how many events of the type in a row the line stands for, and milliseconds since
 * the user's zero. That is left empty with `zero` undefined, where the rows have no zero of their own.
 */
export function rowsCsv({ sequences: { starts, time, type, count }, rows }: Strips, zero: Origins['time'] | undefined, keys: readonly string[], names: readonly string[]): string[] {
  const parts: string[] = []
  let lines = [csvLine(['row', 'user', 'step', 'time', 'type', 'count', 'since_aligned_ms'])]
  for (const [row, user] of rows.entries()) {
    const start = starts[user] as number
    for (let event = start; event < (starts[user + 1] as number); event++) {
      const micros = Math.round((time[event] as number) * 1000)
      const since = zero === undefined ? null : (micros - Math.round((zero[user] as number) * 1000)) / 1000
      lines.push(csvLine([row + 1, keys[user], event - start + 1, formatUtc(BigInt(micros)), names[type[event] as number], count[event], since]))
      if (lines.length < linesAPart) continue
      parts.push(lines.join(''))
      lines = []
    }
  }
  return [...parts, lines.join('')]
}
