import { formatFieldPath, type FieldPath } from '../../../shared/model/field-path.ts'
import type { Guess, TimeFormat } from '../../../shared/model/mapping.ts'
import type { FieldProfile } from './flatten.ts'

/** A guess with the field it is about, where it is about one. */
export interface Candidate extends Guess {
  readonly field?: FieldProfile
  readonly format?: TimeFormat
}

const mostCandidates = 6

/** The best candidates, best first, one for each path. */
export function rank(candidates: readonly Candidate[]): Candidate[] {
  const ranked = candidates.toSorted((a, b) => b.confidence - a.confidence)
  return ranked.filter(({ path }, index) => ranked.findIndex((other) => other.path === path) === index).slice(0, mostCandidates)
}

/** Whether there are enough values for it to mean something that they always or never repeat. */
export function isTelling({ values }: FieldProfile): boolean {
  return values.length > 20
}

/** Whether every record has a value of its own. */
export function isUnique(field: FieldProfile): boolean {
  return isTelling(field) && field.distinct.size === field.values.length
}

/** Whether every record has the same value. */
export function isConstant(field: FieldProfile): boolean {
  return isTelling(field) && field.distinct.size === 1
}

/** The share of the records that have a value, 0 to 1. */
export function share({ values }: FieldProfile, records: number): number {
  return values.length / records
}

/** How a reason begins: ``` `user_id`: 893 different values in 1,000 records```. */
export function describe(field: FieldProfile, records: number): string {
  const { values, distinct } = field
  const present = values.length === records ? count(records, 'record') : `${number(values.length)} of ${count(records, 'record')}`
  return `${show(field.path)}: ${distinct.size === 1 ? 'always the same value' : count(distinct.size, 'different value')} in ${present}`
}

/** A path as it stands in a sentence. */
export function show(path: FieldPath): string {
  return `\`${printable(formatFieldPath(path))}\``
}

/** Three values as they stand in a sentence. */
export function examples({ distinct }: FieldProfile): string {
  return [...distinct.keys()].slice(0, 3).map(printable).join(', ')
}

/** `1 record`, `1,000 records`. */
export function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? '' : 's'}`
}

function number(n: number): string {
  return n.toLocaleString('en-US')
}

/** A short text without what could steer a terminal or turn the reading direction. */
function printable(text: string): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ')
  return plain.length <= 40 ? plain : `${plain.slice(0, 39).replace(/\p{Cs}$/u, '')}…`
}
