import type { Match } from './match.ts'

/** A row of the stream `behaviors.all`, written by the engine alone. Times in microseconds. */
export interface MatchRow {
  readonly behavior: string
  readonly key: string
  readonly until: bigint | null
  readonly start: bigint
  readonly end: bigint
  readonly tied: boolean
  readonly steps: string
  readonly returns: string
}

type StepText = readonly [label: string, type: string, time: string, source: string, topic: string, partition: number, offset: string]

/** The match that a row holds. */
export function matchOfRow({ behavior, key, until, start, end, tied, steps, returns }: MatchRow): Match {
  return {
    behavior,
    key: JSON.parse(key) as Match['key'],
    state: until === null ? 'confirmed' : 'pending',
    ...(until === null ? {} : { until }),
    start,
    end,
    tied,
    steps: (JSON.parse(steps) as readonly StepText[]).map(([label, type, time, source, topic, partition, offset]) => ({ label, type, time: BigInt(time), source, position: { topic, partition, offset: BigInt(offset) } })),
    returns: JSON.parse(returns) as Match['returns'],
  }
}

/** The steps of a match as a row has them. */
export function stepsText(steps: Match['steps']): string {
  return JSON.stringify(steps.map(({ label, type, time, source, position }) => [label, type, String(time), source, position.topic, position.partition, String(position.offset)]))
}
