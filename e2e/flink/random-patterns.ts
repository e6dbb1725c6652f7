import fc from 'fast-check'
import { checkBehaviors } from '../../shared/behavior/check.ts'
import type { CompileSource } from '../../shared/behavior/compile/fields.ts'
import type { PlainEvent } from '../../shared/behavior/match/judge.test-helper.ts'
import { matchColumns } from '../../shared/behavior/match/match.ts'
import { meaningfulBody } from '../../shared/behavior/match/pattern-arbitrary.test-helper.ts'
import { describeEvents, plainSequences, toColumns } from '../../shared/behavior/match/plain-events.test-helper.ts'
import { printBehavior } from '../../shared/behavior/print.ts'
import type { Behavior, SequenceBody } from '../../shared/behavior/syntax.ts'
import { AppError } from '../../shared/errors.ts'

/** Events of the random patterns, mapped as plain JSON. */
export const plainSource: CompileSource = {
  name: 'plain',
  kind: 'file',
  topic: 'plain',
  format: 'json',
  mapping: {
    key: 'user',
    type: 'type',
    time: 'us',
    timeFormat: 'epoch_us',
    attributes: [{ name: 'n', path: 'n', type: 'number' }, { name: 'm', path: 'm', type: 'integer' }, { name: 's', path: 's', type: 'text' }, { name: 'f', path: 'f', type: 'boolean' }],
  },
  latenessMs: 3_600_000,
}

/** An event with its place: key `k3`, offset 3002 for the third event of the fourth sequence. */
export interface PlacedEvent extends PlainEvent {
  readonly user: string
  readonly offset: number
}

/** Sequences whose times are so many times as long. */
export function randomEvents(seed: number, runs: number, scale: number): readonly (readonly PlacedEvent[])[] {
  return fc.sample(plainSequences, { numRuns: runs, seed }).flat().map((sequence, key) => sequence.map((event, at) => ({ ...event, time: event.time * scale, user: `k${key}`, offset: key * 1000 + at })))
}

/** The first patterns of a random run that can be compiled, and how many were refused for it. */
export function compilable<T>(seed: number, count: number, scales: readonly number[], compile: (behavior: Behavior, scale: number) => T): { readonly compiled: readonly { readonly behavior: Behavior; readonly scale: number; readonly made: T }[]; readonly refused: number } {
  const compiled: { behavior: Behavior; scale: number; made: T }[] = []
  let refused = 0
  for (const [index, body] of fc.sample(meaningfulBody.filter(isValid), { numRuns: count * 30, seed }).entries()) {
    const scale = scales[index % scales.length] ?? 1
    const behavior = toBehavior(stretch(body, scale))
    try {
      compiled.push({ behavior, scale, made: compile(behavior, scale) })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      refused++
    }
    if (compiled.length === count) break
  }
  return { compiled, refused }
}

/** What the matcher finds, a line a match: key, offsets, returned values. */
export function expectedMatches({ body }: Behavior, sequences: readonly (readonly PlacedEvent[])[]): readonly string[] {
  const events = sequences.flat()
  const { matches } = matchColumns(body as SequenceBody, toColumns(sequences), Number.POSITIVE_INFINITY)
  return matches.map(({ rows, returns }) => describeMatch(events[rows[0] ?? -1]?.user ?? '', [...rows].map((row) => events[row]?.offset ?? -1), returns)).toSorted()
}

/** A match as a line. */
export function describeMatch(user: string, offsets: readonly number[], returns: readonly unknown[]): string {
  return [user, ...offsets, JSON.stringify(returns)].join(' ')
}

/** A pattern with the events of the first key in which two engines differ; undefined where they agree. */
export function disagreement(behavior: Behavior, sequences: readonly (readonly PlacedEvent[])[], got: readonly string[]): string | undefined {
  const expected = expectedMatches(behavior, sequences)
  const different = [...got.filter((line) => !expected.includes(line)), ...expected.filter((line) => !got.includes(line))]
  if (different[0] === undefined && got.length === expected.length) return undefined
  const key = `${different[0]?.split(' ')[0] ?? ''} `
  const of = (lines: readonly string[]): string => lines.filter((line) => line.startsWith(key)).join(' | ').slice(0, 2000)
  return `${printBehavior(behavior)}\n${describeEvents(sequences.filter(([first]) => `${first?.user ?? ''} ` === key))}\nexpected ${of(expected)}\ngot ${of(got)}`
}

function isValid(body: SequenceBody): boolean {
  return checkBehaviors([toBehavior(body)], { types: [], fields: new Map(), keyNames: [], behaviors: new Map() }).every(({ severity }) => severity !== 'error')
}

function toBehavior(body: SequenceBody): Behavior {
  const span = { start: 0, end: 0 }
  return { name: 'x', comments: [], body, endComments: [], react: [], span, nameSpan: span }
}

/** All times of a pattern, so many times as long. */
function stretch<T>(tree: T, by: number): T {
  if (typeof tree !== 'object' || tree === null) return tree
  if ('micros' in tree && 'text' in tree) return { micros: Number(tree.micros) * by, text: `${Number(tree.micros) * by}us` } as T
  if (Array.isArray(tree)) return tree.map((one: unknown) => stretch(one, by)) as T
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, stretch(value as unknown, by)])) as T
}
