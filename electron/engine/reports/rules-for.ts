import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { PrivacyRules } from '../../../shared/report/privacy.ts'
import type { Rules, ValueOrigins } from '../../../shared/report/protect.ts'
import { returnFields } from '../../../shared/behavior/expressions.ts'
import type { StoredField } from '../store/read-columns.ts'
import type { StoredSource } from '../store/sources.ts'

/** What a rule may be about, beside attributes: names of the key of the events. */
function keyNamesOf(sources: readonly StoredSource[]): readonly string[] {
  return [...new Set(['user', 'key', ...sources.map(({ mapping }) => mapping.key)])]
}

/**
 * Rules that can be applied.
 *
 * @throws AppError BAD_REQUEST for a field that nothing has: a misspelled rule would hide nothing
 */
export function rulesFor(rules: PrivacyRules, behaviors: readonly Behavior[], fields: ReadonlyMap<string, StoredField>, sources: readonly StoredSource[]): Rules {
  const keyNames = keyNamesOf(sources)
  const known = [...keyNames, ...fields.keys(), ...behaviors.flatMap(({ body }) => (body.kind === 'sequence' ? [...body.by.map(({ path }) => path), ...body.returns.map(({ name }) => name)] : []))].map((name) => name.toLowerCase())
  for (const name of [...rules.hide, ...rules.hash, ...rules.shorten]) {
    if (!known.includes(name.toLowerCase())) throw new AppError('BAD_REQUEST', `No event has a field ${name}, and no behavior returns it: nothing would be hidden.`, { hint: `There are ${[...new Set(known)].slice(0, 40).join(', ')}.` })
  }
  return { ...rules, keyNames }
}

/** Where the values of behaviors come from, by their names. */
export function originsOf(all: readonly Behavior[]): ReadonlyMap<string, ValueOrigins> {
  const by = (name: string): readonly string[] => {
    const body = all.find((one) => one.name === name)?.body
    return body?.kind === 'sequence' ? body.by.map(({ path }) => path) : []
  }
  return new Map(all.map((behavior) => [behavior.name, { returns: returnFields(behavior), labels: behavior.body.kind === 'population' ? by(behavior.body.base) : [] }]))
}
