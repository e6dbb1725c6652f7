import { quantile } from 'simple-statistics'
import { formatDuration, formatNumber } from './format.ts'
import type { Candidate, CategoryFact, EventFact, Fact, NumberFact } from './facts.ts'

const minute = 60
const hour = 3600
const day = 86_400
/** How long before the start an event may have come, in seconds. */
const windows = [minute, 5 * minute, 30 * minute, hour, day, 7 * day] as const
const repetitions = [2, 3, 5, 10] as const
/** Where numbers are split; the middle first. */
const shares = [0.5, 0.25, 0.75, 0.1, 0.9] as const
/** The most frequent values of a field are tried. */
const mostValues = 20

/** Everything that is tried of a fact. What a candidate says about few chances is left to the search to refuse. */
export function candidatesOf(fact: Fact): readonly Candidate[] {
  switch (fact.kind) {
    case 'events':
      return ofEvents(fact)
    case 'category':
      return ofCategory(fact)
    case 'number':
      return ofNumber(fact)
    case 'flag':
      return [{ group: fact.group, family: fact.family, phrase: fact.phrase, expose: () => fact.values, when: undefined }]
  }
}

function ofEvents({ type, detail, same, gap, count, after }: EventFact): readonly Candidate[] {
  const article = /^([aeio]|un)/i.test(type) ? 'an' : 'a'
  const what = `${type}${detail === undefined ? '' : ` whose ${detail}`}${same === undefined ? '' : ` for the same ${same}`}`
  const found: Candidate[] = []
  if (after !== undefined) {
    found.push({ group: 'after the start', family: `after ${type}`, phrase: `${article} ${what} came between start and outcome`, expose: () => flags(after, (at) => at < Number.POSITIVE_INFINITY), when: () => after })
  }
  if (gap !== undefined) {
    const when = (): Float64Array => new Float64Array(gap).map((seconds) => -seconds * 1e6)
    const earlier = (phrase: string, expose: () => Uint8Array): Candidate => ({ group: 'earlier events', family: `before ${type}`, phrase, expose, when })
    found.push(earlier(`${article} ${what} had come before the start`, () => flags(gap, (seconds) => seconds < Number.POSITIVE_INFINITY)))
    for (const window of windows) found.push(earlier(`${article} ${what} had come within ${formatDuration(window * 1e6)} before the start`, () => flags(gap, (seconds) => seconds <= window)))
    if (count !== undefined) for (const times of repetitions) found.push(earlier(`${what} had come at least ${times} times before the start`, () => flags(count, (times_) => times_ >= times)))
  }
  return found
}

function ofCategory({ group, name, codes, values }: CategoryFact): readonly Candidate[] {
  const counts = new Map<number, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  const tried = [...counts].sort((left, right) => right[1] - left[1] || left[0] - right[0]).slice(0, mostValues)
  return tried.map(([code]) => ({ group, family: name, phrase: code === -1 ? `there is no ${name}` : `${name} is ${values[code] ?? ''}`, expose: () => flags(codes, (one) => one === code), when: undefined }))
}

function ofNumber({ group, name, form, values }: NumberFact): readonly Candidate[] {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return []
  // at least the smallest value holds always, and says nothing
  const least = known.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY)
  const splits = new Set(quantile([...known], [...shares]).filter((split) => split > least))
  const show = form === 'duration' ? formatDuration : formatNumber
  return [...splits].map((split) => ({
    group,
    family: name,
    phrase: `${name} is at least ${show(split)}`,
    expose: () => Uint8Array.from(values, (value) => (Number.isNaN(value) ? 2 : value >= split ? 1 : 0)),
    when: undefined,
  }))
}

function flags(values: ArrayLike<number>, holds: (value: number) => boolean): Uint8Array {
  const found = new Uint8Array(values.length)
  // a loop: `from` with a function takes ten times as long, and this runs for every candidate
  for (let at = 0; at < values.length; at++) if (holds(values[at] as number)) found[at] = 1
  return found
}
