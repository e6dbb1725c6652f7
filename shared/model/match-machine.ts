import type { Match } from './match.ts'

/** A match as machines get it: times in ISO 8601, UTC. */
export function matchToMachine({ behavior, key, state, until, start, end, tied, steps, returns }: Match): object {
  return {
    behavior,
    key,
    state,
    ...(until === undefined ? {} : { until: formatIso(until) }),
    start: formatIso(start),
    end: formatIso(end),
    ...(tied ? { tied } : {}),
    steps: steps.map(stepToMachine),
    returns,
  }
}

/** An event of a match as machines get it. */
export function stepToMachine({ label, type, time, source, position }: Match['steps'][number]): object {
  return { label, type, time: formatIso(time), source, topic: position.topic, partition: position.partition, offset: position.offset }
}

/** ISO 8601 in UTC with as many digits as the time (microseconds) has. */
export function formatIso(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const iso = new Date(Number((micros - rest) / 1000n)).toISOString()
  return rest === 0n ? iso : iso.replace('Z', `${rest.toString().padStart(3, '0')}Z`)
}
