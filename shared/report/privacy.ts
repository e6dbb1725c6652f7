import { z } from 'zod'

/** What must not stand in a report as it is. Fields are those of `by`, attributes and returned values, by their names. */
export const PrivacyRules = z.object({
  /** Left out. */
  hide: z.array(z.string()).default([]),
  /** Replaced by a keyed hash: equal values stay equal inside one report, and only there. */
  hash: z.array(z.string()).default([]),
  /** Cut behind their first characters. */
  shorten: z.array(z.string()).default([]),
  /** Counts of fewer users or occurrences than this are not said; 1 says all. */
  minCount: z.number().int().min(1).max(1_000_000).default(1),
})
export type PrivacyRules = z.infer<typeof PrivacyRules>

/** So many characters are left of a shortened value. */
export const shortLength = 3

/** How a field is to be written. */
export type Treatment = 'plain' | 'hide' | 'hash' | 'shorten'

/** What is done to a field; the strictest rule that names it. Names are compared without regard to case, as columns are. */
export function treatmentOf({ hide, hash, shorten }: PrivacyRules, field: string): Treatment {
  const names = (rule: readonly string[]): boolean => rule.some((name) => name.toLowerCase() === field.toLowerCase())
  return names(hide) ? 'hide' : names(hash) ? 'hash' : names(shorten) ? 'shorten' : 'plain'
}

/** What stands for a hidden value. */
export const hiddenText = '(hidden)'

/** A value after its treatment. `hash` gives the keyed hash of a text. Null stays null: it says nothing about anybody. */
export function treat<T>(value: T, treatment: Treatment, hash: (text: string) => string): T | string {
  if (treatment === 'plain' || value === null || value === undefined) return value
  if (treatment === 'hide') return hiddenText
  const text = String(value)
  if (treatment === 'hash') return hash(text)
  const characters = Array.from(text)
  return characters.length <= shortLength ? text : `${characters.slice(0, shortLength).join('')}…`
}
