import type { BehaviorReport, Report, Who } from './model.ts'
import { type PrivacyRules, treat, treatmentOf, type Treatment } from './privacy.ts'
import { Suppression } from './suppress.ts'

/** What is known of a behavior's values beyond their names. */
export interface ValueOrigins {
  /** Fields that a returned value is made of. */
  readonly returns: ReadonlyMap<string, readonly string[]>
  /** Fields that stand in the labels of steps: the keys of those that a behavior counts at once. */
  readonly labels: readonly string[]
}

/** The treatment of a field under rules, where several names may mean one field. */
export type Rules = PrivacyRules & {
  /** Names of the key of the events; a rule for one of them is a rule for all. */
  readonly keyNames: readonly string[]
}

const strictest: readonly Treatment[] = ['hide', 'hash', 'shorten', 'plain']

/** How a field is written under rules, by the strictest that any of its names has. */
export function treatmentUnder(rules: Rules, ...fields: readonly string[]): Treatment {
  const isKey = (field: string): boolean => rules.keyNames.some((name) => name.toLowerCase() === field.toLowerCase())
  const names = fields.flatMap((field) => (isKey(field) ? [field, ...rules.keyNames] : [field]))
  return strictest.find((treatment) => names.some((name) => treatmentOf(rules, name) === treatment)) ?? 'plain'
}

/**
 * A report as it may be handed over: fields hidden, hashed or shortened, counts that are too small left out. It is done
 * to the numbers themselves, so that nothing of them is in any form of the report.
 *
 * @param hash a keyed hash; the same text gives the same
 */
export function protect(report: Omit<Report, 'privacy'>, rules: Rules, origins: ReadonlyMap<string, ValueOrigins>, hash: (text: string) => string): Report {
  const suppression = new Suppression(rules.minCount)
  const behaviors = report.behaviors.map((behavior) => suppression.behavior(protectBehavior(behavior, rules, origins.get(behavior.name), hash)))
  const { keyNames: _, ...written } = rules
  return { ...report, behaviors, privacy: { ...written, suppressed: suppression.count } }
}

function protectBehavior(behavior: BehaviorReport, rules: Rules, origins: ValueOrigins | undefined, hash: (text: string) => string): BehaviorReport {
  const { returns, who, why, examples } = behavior
  const ofReturn = (name: string): Treatment => treatmentUnder(rules, name, ...(origins?.returns.get(name) ?? []))
  const ofLabel = treatmentUnder(rules, ...(origins?.labels ?? []))
  const treated = [...rules.hide, ...rules.hash, ...rules.shorten].map((name) => name.toLowerCase())
  return {
    ...behavior,
    ...(returns === undefined ? {} : { returns: returns.filter(({ name }) => ofReturn(name) === 'plain') }),
    ...(who === undefined ? {} : { who: who.flatMap((one) => protectWho(one, treatmentUnder(rules, one.attribute), hash)) }),
    ...(why === undefined || 'refused' in why ? {} : { why: withoutMentions(why, treated) }),
    ...(examples === undefined ? {} : {
      examples: examples.map((example) => ({
        ...example,
        key: Object.fromEntries(Object.entries(example.key).map(([field, value]) => [field, treat(value, treatmentUnder(rules, field), hash)])),
        returns: Object.fromEntries(Object.entries(example.returns).map(([name, value]) => [name, treat(value, ofReturn(name), hash)])),
        events: example.events.map((event) => (event.label === undefined ? event : { ...event, label: treat(event.label, ofLabel, hash) })),
      })),
    }),
  }
}

/** Counts by a hidden value say nothing; the others keep their counts. */
function protectWho(who: Who, treatment: Treatment, hash: (text: string) => string): readonly Who[] {
  return treatment === 'hide' ? [] : [{ ...who, values: who.values.map((one) => ({ ...one, value: treat(one.value, treatment, hash) })) }]
}

/** A finding that names a treated field says its values in words. */
function withoutMentions<W extends { readonly findings: readonly { readonly sentence: string; readonly phrase: string; readonly confounding: string }[]; readonly leftOut: number }>(why: W, treated: readonly string[]): W {
  const findings = why.findings.filter(({ sentence, phrase, confounding }) => !treated.some((name) => mentions(`${sentence} ${phrase} ${confounding}`, name)))
  return { ...why, findings, leftOut: why.leftOut + why.findings.length - findings.length }
}

/** Whether a name stands in a text as a word of its own. */
function mentions(text: string, name: string): boolean {
  const [words, word] = [text.toLowerCase(), name.toLowerCase()]
  const isPart = (character: string): boolean => /[\p{L}\p{N}_]/u.test(character)
  for (let at = words.indexOf(word); at >= 0; at = words.indexOf(word, at + 1)) if (!isPart(words.charAt(at - 1)) && !isPart(words.charAt(at + word.length))) return true
  return false
}
