import { SingleBar } from 'cli-progress'
import type { Client } from '../../shared/contract/client.ts'
import type { SourcePipeline } from '../../shared/model/pipeline.ts'
import { formatCount, formatSpan, printNote } from './output.ts'

/** In a pipe a line follows the last one at this distance, in milliseconds. */
const lineEveryMs = 5_000

/** Shows how sources come along, until `stop`. */
export interface Progress {
  stop(): void
}

/**
 * Shows the stages of what runs on standard error: a bar on a terminal (with the share done where the end is known), in a
 * pipe a line every five seconds and at each change of state.
 */
export function showProgress(client: Client): Progress {
  const states = new Map<string, SourcePipeline>()
  const bar = process.stderr.isTTY ? startBar() : undefined
  let lastLine = Date.now()
  const unsubscribe = [
    client.on('pipeline.progress', (state) => {
      const before = states.get(state.source)
      states.set(state.source, state)
      bar?.show([...states.values()])
      const changed = before?.state !== state.state && state.state !== 'finished' && state.state !== 'stopped'
      if (state.state === 'reconnecting' && state.failure !== undefined) {
        const wait = state.nextAttempt === undefined ? '' : ` Next attempt in ${formatSpan(Math.max(1000, state.nextAttempt - Date.now()))}.`
        bar?.clear()
        printNote(`${state.source}: ${state.failure.message}${wait}`)
      } else if (bar === undefined && (changed || Date.now() - lastLine >= lineEveryMs)) {
        lastLine = Date.now()
        printNote(describe(state))
      }
    }),
    client.on('job.progress', ({ job, done, total }) => {
      if (bar === undefined && Date.now() - lastLine < lineEveryMs) return
      lastLine = Date.now()
      printNote(`${job}: ${done.toLocaleString('en-US')}${total === undefined ? '' : ` of ${total.toLocaleString('en-US')}`}`)
    }),
  ]
  return {
    stop() {
      for (const end of unsubscribe) end()
      bar?.stop()
    },
  }
}

/** One line that says where a source stands. */
export function describe(state: SourcePipeline): string {
  const [, , store] = state.stages
  const parts = [
    `${state.source}: ${state.state.replace('_', ' ')}`,
    formatCount(state.events, 'event'),
    `${Math.round(store?.rate ?? 0).toLocaleString('en-US')}/s`,
    ...(state.lag === undefined ? [] : [`lag ${state.lag.toLocaleString('en-US')}`]),
    ...(state.deadLetters === 0 ? [] : [formatCount(state.deadLetters, 'dead letter')]),
    ...(state.late === 0 ? [] : [`${state.late.toLocaleString('en-US')} late`]),
    ...(state.commitDelayMs === undefined ? [] : [`committed ${state.commitDelayMs} ms behind`]),
    `queues ${state.stages.slice(1).map((stage) => `${stage.stage} ${Math.round((stage.queuedBytes / stage.queueLimitBytes) * 100)} %`).join(', ')}`,
  ]
  return parts.join(' · ')
}

interface Bar {
  show(states: readonly SourcePipeline[]): void
  clear(): void
  stop(): void
}

function startBar(): Bar {
  const bar = new SingleBar({ format: '{bar} {percentage} {text}', stream: process.stderr, hideCursor: true, clearOnComplete: true, linewrap: false, barsize: 24, fps: 8, formatValue: (value, _, type) => (type === 'percentage' ? `${value} %`.padStart(5) : String(value)) })
  bar.start(1, 0, { text: '' })
  return {
    show(states) {
      const done = states.reduce((sum, state) => sum + state.events + state.deadLetters, 0)
      // following a log has no end: the bar then shows how much of what is there has been read
      const total = states.reduce((sum, state) => sum + (state.total ?? state.events + state.deadLetters + (state.lag ?? 0)), 0)
      bar.setTotal(Math.max(1, total))
      bar.update(Math.min(done, Math.max(1, total)), { text: states.map(describe).join('   ') })
    },
    clear() {
      process.stderr.write('\r\u001b[K')
    },
    stop() {
      bar.stop()
    },
  }
}
