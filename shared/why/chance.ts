import { prefixOf } from '../behavior/prefix.ts'
import { globTest } from '../behavior/glob.ts'
import { patternsOf } from '../behavior/check.ts'
import type { Absence, Clause, EventPattern, SequenceBody, Step, Until } from '../behavior/syntax.ts'

/**
 * What counts as a chance to show a behavior: its first steps. What is compared are starts that went on to the whole
 * behavior, and starts that had the same time to do so and did not.
 */
export interface ChancePlan {
  /** The first steps alone; every start of them is found, whether or not it went on. */
  readonly prefix: SequenceBody
  /** How many steps all chances share. */
  readonly steps: number
  /** True when nothing but an absence is left behind the first steps: then it is the forbidden event that decides early. */
  readonly isAbsence: boolean
  /** Microseconds from the last shared event within which the rest must happen; Infinity where nothing bounds it. */
  readonly rest: number
  /** The same from the first event. */
  readonly whole: number
  /** Microseconds from the end of the rest until the last absence is known; from the last shared event where that is later. */
  readonly wait: { readonly afterRest: number; readonly afterShared: number }
  /** What must not come any more once the first steps are there; its coming decides a chance. */
  readonly forbidden: readonly (Absence | Until)[]
  /** Whether events of a type belong to the definition of what comes behind the start: they explain nothing. */
  readonly defines: (type: string) => boolean
}

/** How many first steps are shared unless it is said: all but the last that must be there. */
export function sharedSteps(body: SequenceBody): number {
  const needed = body.clauses.filter(isStep).flatMap((step, index) => (step.optional ? [] : [index]))
  return Math.max(1, needed.at(-1) ?? 1)
}

/** Cuts a behavior into the first steps, which all chances share, and the rest. `steps` from 1 to the number of its steps. */
export function planChances(body: SequenceBody, steps: number): ChancePlan {
  const all = body.clauses.filter(isStep)
  const shared = prefixOf(body, steps)
  const last = all[steps - 1]
  // the only step of a behavior that repeats has its first event as chance
  const isCut = steps === all.length && last !== undefined && last.times.min > 1
  const clauses = shared.clauses.map((clause): Clause => (clause === last && isCut ? { ...last, times: { min: 1, max: 1 }, within: undefined } : clause))
  const rest = all.slice(steps)
  const bounds = [...(isCut ? [last] : []), ...rest].map((step) => step.within?.micros ?? Number.POSITIVE_INFINITY)
  const whole = body.within?.micros ?? Number.POSITIVE_INFINITY
  const isAbsence = rest.length === 0 && !isCut
  const forbidden = body.clauses.filter((clause): clause is Absence | Until => clause.kind !== 'step' && (clause.kind === 'until' || !shared.clauses.includes(clause)))
  return {
    prefix: { ...shared, clauses, within: body.within, match: 'first', skip: 'overlap' },
    steps,
    isAbsence,
    rest: isAbsence ? 0 : bounds.reduce((sum, bound) => sum + bound, 0),
    whole,
    wait: waitOf(forbidden, all, steps),
    forbidden,
    defines: typeTest([...rest, ...(isCut ? [last] : [])].flatMap((step) => patternsOf(step)).concat(forbidden.map(({ pattern }) => pattern))),
  }
}

/** Absences behind a shared step are known so long after it, others so long after the rest. */
function waitOf(forbidden: readonly (Absence | Until)[], all: readonly Step[], steps: number): ChancePlan['wait'] {
  const labels = new Set(all.slice(0, steps).map(({ label }) => label))
  let [afterRest, afterShared] = [0, 0]
  for (const clause of forbidden) {
    if (clause.kind !== 'without' || clause.scope.kind !== 'for') continue
    const { after, duration } = clause.scope
    const isShared = after === undefined ? steps === all.length : labels.has(after.label)
    if (isShared) afterShared = Math.max(afterShared, duration.micros)
    else afterRest = Math.max(afterRest, duration.micros)
  }
  return { afterRest, afterShared }
}

function typeTest(patterns: readonly EventPattern[]): (type: string) => boolean {
  const tests = patterns.flatMap(({ types }) => types).map(({ text, quoted }) => (quoted ? (type: string) => type === text : globTest(text)))
  return (type) => tests.some((test) => test(type))
}

function isStep(clause: Clause): clause is Step {
  return clause.kind === 'step'
}
