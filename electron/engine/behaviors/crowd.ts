import { resolveKey } from '../../../shared/behavior/check.ts'
import type { Behavior, PopulationBody } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Match } from '../../../shared/model/match.ts'
import type { Detected } from './behaviors.ts'
import { byEnd } from './order.ts'

/** The times at which a behavior happens to many at once (SEMANTICS.md rule 27). */
export function findCrowd(behavior: Behavior, { of, atLeast, within }: PopulationBody, base: Behavior, { matches, detection }: Detected): Detected {
  const key = base.body.kind === 'sequence' ? resolveKey(of.path, base.body.by.map(({ path }) => path)) : undefined
  if (key === undefined) throw new AppError('BAD_REQUEST', `"${base.name}" has no key ${of.path}.`)
  const confirmed = matches.filter(({ state }) => state === 'confirmed').sort(byEnd)
  const found: Match[] = []
  const users = new Set<unknown>()
  // the latest match of each value inside of the window, and the window's matches in order of their ends
  const latest = new Map<unknown, Match>()
  let from = 0
  for (const [index, match] of confirmed.entries()) {
    while ((confirmed[from] as Match).end < match.end - BigInt(within.micros)) {
      const gone = confirmed[from++] as Match
      if (latest.get(gone.key[key]) === gone) latest.delete(gone.key[key])
    }
    latest.set(match.key[key], match)
    if (latest.size < atLeast) continue
    found.push(toMatch(behavior, key, [...latest.values()]))
    for (const value of latest.keys()) users.add(value)
    from = index + 1
    latest.clear()
  }
  return { matches: found, detection: { ...detection, behavior: behavior.name, occurrences: found.length, users: users.size, pending: 0, tied: found.filter(({ tied }) => tied).length } }
}

function toMatch({ name }: Behavior, counted: string, members: readonly Match[]): Match {
  const ordered = [...members].sort(byEnd)
  const steps = ordered.map(({ steps: own, key }) => ({ ...(own.at(-1) as Match['steps'][number]), label: String(key[counted]) }))
  return { behavior: name, key: {}, state: 'confirmed', start: (ordered[0] as Match).end, end: (ordered.at(-1) as Match).end, tied: ordered.some(({ tied }) => tied), steps, returns: {} }
}
