import { nameOf } from '../../../shared/discover/recurring/recurring-name.ts'
import type { FoundRecurring } from '../../../shared/model/discovery.ts'

/** Series that share this much of their hits are the same happening, seen twice. */
const sharedHits = 0.7

/** Of findings that are the same happening only the surest is kept, the widest of equals; the others are named. */
export function withoutTwins(found: readonly FoundRecurring[]): { readonly kept: readonly FoundRecurring[]; readonly notes: readonly string[] } {
  const kept: FoundRecurring[] = []
  const notes: string[] = []
  for (const one of [...found].sort((a, b) => b.concentration - a.concentration || a.p - b.p)) {
    const twin = kept.find((other) => areTwins(one, other))
    if (twin === undefined) kept.push(one)
    else notes.push(`${nameOf(one)} comes back together with ${nameOf(twin)} and is not listed.`)
  }
  return { kept: kept.sort((a, b) => a.p - b.p || b.concentration - a.concentration), notes: [...new Set(notes)] }
}

/** Whether most hits of the rarer come with one of the other, at the same period or a multiple of it. */
function areTwins(one: FoundRecurring, other: FoundRecurring): boolean {
  if (one.type !== other.type) return false
  const [few, many] = one.hits.length <= other.hits.length ? [one, other] : [other, one]
  const near = Math.max(one.tolerance, other.tolerance)
  let [shared, at] = [0, 0]
  for (const hit of few.hits) {
    while (at < many.hits.length && (many.hits[at] as number) < hit - near) at++
    if (at < many.hits.length && (many.hits[at] as number) <= hit + near) shared++
  }
  return shared >= sharedHits * few.hits.length
}
