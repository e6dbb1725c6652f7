import type { SourcePipeline } from '../../shared/model/pipeline.ts'
import { formatCount, formatNumber, safeText } from './output.ts'

/** One line that says where a source stands. */
export function describe(state: SourcePipeline): string {
  const store = state.stages.find(({ stage }) => stage === 'store')
  const queues = state.stages.filter(({ stage }) => stage !== 'source').map(({ stage, queuedBytes, queueLimitBytes }) => `${stage} ${Math.round((queuedBytes / queueLimitBytes) * 100)} %`)
  const parts = [
    `${safeText(state.source)}: ${state.state.replace('_', ' ')}`,
    formatCount(state.events, 'event'),
    `${formatNumber(Math.round(store?.rate ?? 0))}/s`,
    ...(state.lag === undefined ? [] : [`lag ${formatNumber(state.lag)}`]),
    ...(state.deadLetters === 0 ? [] : [formatCount(state.deadLetters, 'dead letter')]),
    ...(state.late === 0 ? [] : [`${formatNumber(state.late)} late`]),
    ...(state.commitDelayMs === undefined ? [] : [`committed ${formatNumber(state.commitDelayMs)} ms behind`]),
    `queues ${queues.join(', ')}`,
  ]
  return parts.join(' · ')
}

/**
 * True when a source has come into a state that deserves a line of its own. Reading and having caught up take turns with
 * every record of a quiet topic, and the end is told by the summary.
 */
export function hasReached(before: SourcePipeline['state'] | undefined, now: SourcePipeline['state']): boolean {
  return group(before) !== group(now) && !['starting', 'finished', 'stopped', 'failed'].includes(now)
}

function group(state: SourcePipeline['state'] | undefined): string | undefined {
  return state === 'caught_up' ? 'reading' : state
}
