import { once } from 'node:events'
import type { Client } from '../../../shared/contract/client.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import { mappingNotes } from '../mapping-note.ts'
import { formatCount, formatNumber, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { showProgress } from '../progress.ts'

/**
 * Waits for sources to come to their end, with progress, and sums up. Ctrl+C stops them: what is stored stays stored and
 * the next run goes on behind it. The first source that fails stops the others.
 */
export async function runSources(client: Client, json: boolean | undefined, start: () => Promise<readonly string[]>): Promise<void> {
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const interrupted = once(interruption.signal, 'abort')
  const progress = showProgress(client)
  const startedAt = Date.now()
  let sources: readonly string[] = []
  const stopAll = (): Promise<unknown> => Promise.all(sources.map((source) => client.call('tail.stop', { source })))
  try {
    const starting = start()
    // whoever has interrupted the start does not wait for how it would have ended
    starting.catch(() => undefined)
    sources = await Promise.race([starting, interrupted.then(() => [])])
    if (sources.length === 0) printNote('Stopped before anything was read.')
    else if (json !== true) for (const note of await mappingNotesOf(client, sources)) progress.note(note)
    const finished = Promise.all(sources.map((source) => client.call('tail.finished', { source })))
    await Promise.race([finished, interrupted.then(stopAll)])
    await finished
  } finally {
    await stopAll()
    process.removeListener('SIGINT', interrupt)
    process.removeListener('SIGTERM', interrupt)
    progress.stop()
    const { sources: states } = await client.call('pipeline.state', {})
    for (const state of states.filter(({ source }) => sources.includes(source))) await summarize(state, json, Date.now() - startedAt)
  }
}

async function mappingNotesOf(client: Client, names: readonly string[]): Promise<readonly string[]> {
  const sources = await client.call('sources.list', {})
  return sources.filter(({ name, kind }) => names.includes(name) && kind !== 'demo').flatMap(mappingNotes)
}

async function summarize(state: SourcePipeline, json: boolean | undefined, ms: number): Promise<void> {
  if (json === true) return printLine(toJsonLine({ ...state, seconds: ms / 1000 }))
  const seconds = ms / 1000
  const rate = Math.round((state.events + state.deadLetters) / Math.max(0.001, seconds))
  const ending = state.state === 'stopped' ? '; stopped, the next run goes on from here' : ''
  printNote(`${safeText(state.source)}: ${formatCount(state.events, 'event')} stored in ${seconds.toFixed(1)} s (${formatNumber(rate)}/s), ${formatCount(state.deadLetters, 'dead letter')}, ${formatNumber(state.late)} late${ending}`)
  if (state.deadLetters > 0) printNote('`undercurrent dead-letters` shows why records could not be read.')
}
