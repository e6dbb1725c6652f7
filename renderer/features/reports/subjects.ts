import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import type { ReportState } from './state.ts'

/** A behavior that a report can be of. */
export interface Subject {
  readonly name: string
  readonly isSaved: boolean
  readonly behavior: Behavior | undefined
}

/** What a report can be of, and what it is of. */
export interface Subjects {
  readonly all: readonly Subject[]
  /** In the order of the report. */
  readonly chosen: readonly string[]
  /** Names that the link gave and nothing has. */
  readonly missing: readonly string[]
}

/** Behaviors of the text come before those that are saved under the same name. Without a choice it is all of the text, or the first that is saved. */
export function subjectsOf({ of, text = '' }: Pick<ReportState, 'of' | 'text'>, saved: readonly { readonly name: string; readonly text: string }[]): Subjects {
  const given = parseBehaviors(text).file.behaviors.map((behavior): Subject => ({ name: behavior.name, isSaved: false, behavior }))
  const kept = saved.map((one): Subject => ({ name: one.name, isSaved: true, behavior: parseBehaviors(one.text).file.behaviors.find(({ name }) => name === one.name) }))
  const all = [...given, ...kept.filter(({ name }) => !given.some((one) => one.name === name))]
  const isThere = (name: string): boolean => all.some((subject) => subject.name === name)
  const first = given.length > 0 ? given : all.slice(0, 1)
  return { all, chosen: of === undefined ? first.map(({ name }) => name) : [...new Set(of)].filter(isThere), missing: (of ?? []).filter((name) => !isThere(name)) }
}

/** Fields that can be treated for privacy, by the names that the report knows them by: of `by`, returned values, attributes. */
export function fieldsOf(subjects: Subjects, attributes: readonly string[]): readonly string[] {
  const bodies = subjects.all.flatMap(({ name, behavior }) => (behavior !== undefined && subjects.chosen.includes(name) ? [behavior.body] : []))
  const bases = bodies.flatMap((body) => (body.kind === 'population' ? subjects.all.flatMap(({ name, behavior }) => (name === body.base && behavior !== undefined ? [behavior.body] : [])) : []))
  const own = [...bodies, ...bases].flatMap((body) => (body.kind === 'sequence' ? [...body.by.map(({ path }) => path), ...body.returns.map(({ name }) => name)] : []))
  return [...new Set([...own, ...attributes])]
}
