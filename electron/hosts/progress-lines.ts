import type { ProgressView, Row } from './progress.ts'

/** Distance of two lines, in milliseconds. */
const everyMs = 5_000

/** Progress for a pipe or a log file: a line for everything that has moved, every five seconds. */
export function openLines(stream: { write(text: string): unknown }): ProgressView {
  const waiting = new Map<string, Row>()
  const written = new Map<string, string>()
  const write = ({ name, text }: Row): void => {
    waiting.delete(name)
    if (written.get(name) === text) return
    written.set(name, text)
    stream.write(`${text}\n`)
  }
  const timer = setInterval(() => {
    for (const row of waiting.values()) write(row)
  }, everyMs)
  return {
    show(row) {
      if (row.changed) write(row)
      else waiting.set(row.name, row)
    },
    note(line) {
      stream.write(`${line}\n`)
    },
    stop() {
      clearInterval(timer)
    },
  }
}
