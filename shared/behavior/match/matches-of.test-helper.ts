import { expect } from 'vitest'
import { checkBehaviors } from '../check.ts'
import { parseBehaviors } from '../parse.ts'
import { describeProblem } from '../problem.ts'
import type { SequenceBody } from '../syntax.ts'
import { judge, type PlainEvent, type Verdict } from './judge.test-helper.ts'
import { matchColumns, type Matched } from './match.ts'
import { readEvents, toColumns } from './plain-events.test-helper.ts'

/** The steps of a behavior as they are written, without its name and keys, which the matcher does not look at. */
export function readBody(steps: string): SequenceBody {
  const text = /^\s*(?:within|session)\b/.test(steps) ? `sequence "x" by user ${steps.trim()}` : `sequence "x" by user\n${steps}`
  const { file, problems } = parseBehaviors(text)
  const body = file.behaviors[0]?.body
  if (body?.kind !== 'sequence' || problems.length > 0) throw new Error(problems.map((problem) => describeProblem(text, problem)).join('\n'))
  const errors = checkBehaviors(file.behaviors, { types: [], fields: new Map(), keyNames: [], behaviors: new Map() }).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((problem) => describeProblem(text, problem)).join('\n'))
  return body
}

/** What the matcher found, in plain words. */
export function toVerdicts({ matches, open }: Matched): { readonly matches: readonly Verdict[]; readonly open: number } {
  return { matches: matches.map(({ sequence, rows, steps, pendingUntil, tied, returns }) => ({ sequence, rows: [...rows], steps: [...steps], pendingUntil, tied, returns: [...returns] })), open }
}

/**
 * The matches of steps in a table of events, as `a@0 b@3`, with what else is to be said of them; the judge says the same.
 * Times are microseconds.
 */
export function matchesOf(steps: string, table: string, watermark = Number.POSITIVE_INFINITY): readonly string[] {
  return find(steps, table, watermark).matches.map((match) => match.text)
}

/** Their returned values. */
export function returnsOf(steps: string, table: string): readonly (readonly unknown[])[] {
  return find(steps, table, Number.POSITIVE_INFINITY).matches.map((match) => match.returns)
}

/** How many starts events to come may still complete. */
export function openOf(steps: string, table: string, watermark: number): number {
  return find(steps, table, watermark).open
}

function find(steps: string, table: string, watermark: number): { readonly matches: readonly { readonly text: string; readonly returns: readonly unknown[] }[]; readonly open: number } {
  const body = readBody(steps)
  const sequences = readEvents(table)
  const found = toVerdicts(matchColumns(body, toColumns(sequences), watermark))
  expect(found).toEqual(judge(body, sequences, watermark))
  const events = sequences.flat()
  return { matches: found.matches.map((match) => ({ text: describeMatch(match, events), returns: match.returns })), open: found.open }
}

function describeMatch({ rows, pendingUntil, tied }: Verdict, events: readonly PlainEvent[]): string {
  const bound = rows.map((row) => `${events[row]?.type}@${events[row]?.time}`).join(' ')
  return `${bound}${pendingUntil === undefined ? '' : ` pending until ${pendingUntil}`}${tied ? ' tied' : ''}`
}
