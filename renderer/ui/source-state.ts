import type { SourcePipeline } from '../../shared/model/pipeline.ts'

/** A source's state in words. */
export const stateNames: Readonly<Record<SourcePipeline['state'], string>> = {
  starting: 'starting',
  reading: 'reading',
  caught_up: 'caught up',
  paused: 'paused',
  reconnecting: 'reconnecting',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
}

/** Mantine's colours for the states; the word stands beside it always. */
export const stateColors: Readonly<Record<SourcePipeline['state'], string>> = {
  starting: 'blue',
  reading: 'blue',
  caught_up: 'teal',
  paused: 'gray',
  reconnecting: 'orange',
  finished: 'gray',
  stopped: 'gray',
  failed: 'red',
}
