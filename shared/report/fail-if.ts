import type { BehaviorReport } from './model.ts'

const counts = ['users', 'occurrences', 'confirmed', 'pending', 'late', 'tied', 'open'] as const
const comparisons = { '>': (a: number, b: number) => a > b, '>=': (a: number, b: number) => a >= b, '<': (a: number, b: number) => a < b, '<=': (a: number, b: number) => a <= b, '==': (a: number, b: number) => a === b, '!=': (a: number, b: number) => a !== b } as const

/** A threshold on one of a behavior's counts. */
export interface Condition {
  readonly count: (typeof counts)[number]
  readonly comparison: keyof typeof comparisons
  readonly value: number
}

/** Reads `users > 50`; undefined for what is no condition. */
export function parseCondition(text: string): Condition | undefined {
  const [, name, comparison, value] = /^\s*([a-z]+)\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)?)\s*$/i.exec(text) ?? []
  const count = counts.find((known) => known === name?.toLowerCase())
  return count === undefined || comparison === undefined ? undefined : { count, comparison: comparison as Condition['comparison'], value: Number(value) }
}

/** The condition as {@link parseCondition} reads it. */
export function formatCondition({ count, comparison, value }: Condition): string {
  return `${count} ${comparison} ${value}`
}

/** Whether a condition holds. A count that is too small to be said meets nothing: asking would say it. */
export function isMet({ count, comparison, value }: Condition, found: BehaviorReport['counts']): boolean {
  const number = found[count]
  return number !== null && comparisons[comparison](number, value)
}
