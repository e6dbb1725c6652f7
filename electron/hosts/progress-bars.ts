import { MultiBar, type Options, type Params, type SingleBar } from 'cli-progress'
import type { ProgressView } from './progress.ts'

const barWidth = 24

/** What a bar carries along. */
interface Payload {
  readonly text: string
  readonly hasTotal: boolean
}

/** Progress for a terminal: a line for each source that follows it live, with a bar where the end is known. */
export function openBars(stream: NodeJS.WriteStream): ProgressView {
  const bars = new MultiBar({
    stream,
    format,
    fps: 8,
    clearOnComplete: true,
    // its own handler of Ctrl+C would keep the process alive
    gracefulExit: false,
    linewrap: true,
  })
  const rows = new Map<string, SingleBar>()
  return {
    show({ name, done, total, text }) {
      const payload: Payload = { text, hasTotal: total !== undefined }
      const bar = rows.get(name) ?? bars.create(1, 0, payload)
      rows.set(name, bar)
      bar.setTotal(Math.max(1, total ?? 1))
      bar.update(done, payload)
    },
    note(line) {
      bars.log(`${line}\n`)
      // notes are drawn with the bars
      if (rows.size > 0) bars.update()
    },
    stop() {
      bars.stop()
    },
  }
}

/** A line is cut to the width of the terminal: a wrapped one would be drawn again and again. */
function format(_: Options, { progress, maxWidth }: Params, payload: unknown): string {
  const { text, hasTotal } = payload as Payload
  const filled = Math.floor(progress * barWidth)
  const line = hasTotal ? `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${String(Math.floor(progress * 100)).padStart(3)} % ${text}` : text
  return Array.from(line).slice(0, maxWidth - 1).join('')
}
