import type { Client } from '../../../shared/contract/client.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import { formatCount, printLine, printNote, toJsonLine } from '../output.ts'
import { showProgress } from '../progress.ts'

/**
 * Waits for sources to come to their end, with progress, and sums up. Ctrl+C stops them: what is stored stays stored and
 * the next run goes on behind it.
 */
export async function runSources(client: Client, json: boolean | undefined, start: () => Promise<readonly string[]>): Promise<void> {
  const progress = showProgress(client)
  let interrupted = false
  const started = Date.now()
  const sources = start()
  const stop = (): void => {
    interrupted = true
    void sources.then((names) => Promise.all(names.map((source) => client.call('tail.stop', { source }))))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    await Promise.all((await sources).map((source) => client.call('tail.finished', { source })))
  } finally {
    process.removeListener('SIGINT', stop)
    process.removeListener('SIGTERM', stop)
    progress.stop()
    const names: readonly string[] = await sources.catch(() => [])
    const { sources: states } = await client.call('pipeline.state', {})
    for (const state of states.filter(({ source }) => names.includes(source))) await summarize(state, json, Date.now() - started, interrupted)
  }
}

async function summarize(state: SourcePipeline, json: boolean | undefined, ms: number, interrupted: boolean): Promise<void> {
  if (json === true) return printLine(toJsonLine(state))
  const seconds = ms / 1000
  const rate = Math.round((state.events + state.deadLetters) / Math.max(0.001, seconds))
  printNote(
    `${state.source}: ${formatCount(state.events, 'event')} stored in ${seconds.toFixed(1)} s (${rate.toLocaleString('en-US')}/s), ${formatCount(state.deadLetters, 'dead letter')}, ${state.late.toLocaleString('en-US')} late${interrupted ? '; stopped, the next run goes on from here' : ''}`,
  )
  if (state.deadLetters > 0) printNote('`undercurrent dead-letters` shows why records could not be read.')
}
