import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Behaviors } from '../behaviors/behaviors.ts'
import type { Subject } from './gather.ts'

/** A behavior that is kept in the workspace. */
interface Saved {
  readonly name: string
  readonly version: number
  readonly text: string
}

/** What a report is of: the behaviors that were asked for, and all that they stand on. */
export interface Subjects {
  readonly subjects: readonly Subject[]
  readonly all: readonly Behavior[]
  /** The text of all of them, by which they can be found again. */
  readonly definitions: string
}

/**
 * The behaviors of a text, or those that are named, of the text and of what is saved.
 *
 * @throws AppError BAD_REQUEST when the text has an error, NOT_FOUND for a name that nothing has
 */
export async function findSubjects(behaviors: Behaviors, { text = '', names }: { readonly text?: string | undefined; readonly names?: readonly string[] | undefined }, saved: readonly Saved[], signal: AbortSignal): Promise<Subjects> {
  const kept = saved.flatMap(({ text: own }) => parseBehaviors(own).file.behaviors)
  const given = text.trim() === '' ? [] : await behaviors.read(text, signal, kept)
  const texts = new Map<string, Subject>()
  for (const one of saved) for (const behavior of parseBehaviors(one.text).file.behaviors) texts.set(behavior.name, { behavior, text: one.text.trim(), version: one.version })
  // what stands in the text comes before what is saved under the same name
  for (const behavior of given) {
    const own = text.slice(behavior.span.start, behavior.span.end).trim()
    const version = saved.find((one) => one.name === behavior.name && one.text.trim() === own)?.version
    texts.set(behavior.name, { behavior, text: own, ...(version === undefined ? {} : { version }) })
  }
  const subjects = (names ?? given.map(({ name }) => name)).map((name) => subjectOf(texts, name))
  if (subjects.length === 0) throw new AppError('BAD_REQUEST', 'There is no behavior to report on.', { hint: 'Begin a text with: sequence "a name" by user' })
  const needed = subjects.flatMap(({ behavior: { body } }) => (body.kind === 'population' ? [subjectOf(texts, body.base)] : []))
  const all = [...new Map([...needed, ...subjects].map((subject) => [subject.behavior.name, subject])).values()]
  return {
    subjects: subjects.map((subject) => {
      const { body } = subject.behavior
      return body.kind === 'population' ? { ...subject, text: `${subjectOf(texts, body.base).text}\n\n${subject.text}` } : subject
    }),
    all: all.map(({ behavior }) => behavior),
    definitions: `${all.map((subject) => subject.text).join('\n\n')}\n`,
  }
}

function subjectOf(texts: ReadonlyMap<string, Subject>, name: string): Subject {
  const subject = texts.get(name)
  if (subject !== undefined) return subject
  throw new AppError('NOT_FOUND', `There is no behavior named "${name}".`, texts.size === 0 ? {} : { hint: `There are ${[...texts.keys()].map((known) => `"${known}"`).join(', ')}.` })
}
