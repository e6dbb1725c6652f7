import type { Client } from '../../shared/contract/client.ts'
import type { EventValue } from '../../shared/contract/events.ts'
import type { SourcePipeline } from '../../shared/model/pipeline.ts'
import { formatNumber, formatSpan, formatTime, safeText } from './output.ts'
import { openBars } from './progress-bars.ts'
import { openLines } from './progress-lines.ts'
import { describe, hasReached } from './status-line.ts'

/** Something that comes along: a source that is read, or a job. */
export interface Row {
  readonly name: string
  readonly done: number
  /** What `done` will be at the end, where that is known. */
  readonly total: number | undefined
  readonly text: string
  /** True when it has come into a state that deserves a line of its own. */
  readonly changed: boolean
}

/** Where progress is shown. */
export interface ProgressView {
  show(row: Row): void
  /** A line that stays. */
  note(line: string): void
  stop(): void
}

/** Shows how sources and jobs come along, until `stop`. */
export interface Progress {
  /** A line that stays, above what moves. */
  note(line: string): void
  stop(): void
}

/** Rates fall and lag grows while nothing is stored, and then no event tells: the state is asked for at this distance, in milliseconds. */
const pollMs = 1_000

/**
 * Shows the stages of what runs on standard error: a bar on a terminal where the end is known, in a pipe a line every five
 * seconds; and a line at each change of state.
 */
export function showProgress(client: Client, view: ProgressView = process.stderr.isTTY ? openBars(process.stderr) : openLines(process.stderr)): Progress {
  const last = new Map<string, SourcePipeline['state']>()
  const show = (state: SourcePipeline): void => {
    const before = last.get(state.source)
    last.set(state.source, state.state)
    view.show({ name: state.source, done: state.events + state.deadLetters, total: state.total, text: describe(state), changed: state.state !== 'reconnecting' && hasReached(before, state.state) })
    if (state.state === 'reconnecting') view.note(reconnecting(state))
  }
  const poll = async (): Promise<void> => {
    for (const state of (await client.call('pipeline.state', {})).sources) {
      // a change of state comes as an event of its own
      if (last.get(state.source) === state.state && state.state !== 'reconnecting') show(state)
    }
  }
  // a poll that fails does so because the engine is being closed, which is said elsewhere
  const timer = setInterval(() => void poll().catch(() => undefined), pollMs)
  const unsubscribe = [
    client.on('pipeline.progress', show),
    client.on('job.progress', ({ job, done, total }) => {
      view.show({ name: job, done, total, text: `${safeText(job)}: ${formatNumber(done)}${total === undefined ? '' : ` of ${formatNumber(total)}`}`, changed: false })
    }),
    client.on('retention.failed', ({ failure: { message, hint } }) => view.note(safeText(`Old events could not be removed: ${message}${hint === undefined ? '' : ` ${hint}`}`))),
    client.on('recurring.missed', ({ missed, total }) => {
      for (const one of missed) view.note(missedLine(one))
      if (total > missed.length) view.note(`and ${formatNumber(total - missed.length)} more that were expected`)
    }),
  ]
  return {
    note: (line) => view.note(line),
    stop() {
      clearInterval(timer)
      for (const end of unsubscribe) end()
      view.stop()
    },
  }
}

/** Says that something that recurs has not come. */
function missedLine({ behavior, key, expected, until }: EventValue<'recurring.missed'>['missed'][number]): string {
  return safeText(`MISSED: ${behavior} (${Object.values(key).join(', ')}) was expected at ${formatTime(expected)} and has not come until ${formatTime(until)}`)
}

function reconnecting({ source, failure, nextAttempt }: SourcePipeline): string {
  const reason = failure === undefined ? 'the broker is away.' : safeText(failure.message)
  return `${safeText(source)}: ${reason}${nextAttempt === undefined ? '' : ` Next attempt in ${formatSpan(Math.max(1_000, nextAttempt - Date.now()))}.`}`
}
