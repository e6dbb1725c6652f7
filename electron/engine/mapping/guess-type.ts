import { formatFieldPath } from '../../../shared/model/field-path.ts'
import { describe, examples, isConstant, isTelling, rank, share, type Candidate } from './candidate.ts'
import { mainKind, type FieldProfile } from './flatten.ts'
import { saysWhat } from './names.ts'
import { readTime } from './time-text.ts'

/**
 * Guesses what says what happened: the CloudEvents type, or a field whose name says so and whose values are few names.
 * A record without a type becomes a dead letter, so a field that many records lack counts for little.
 *
 * @param topic stands for the type where nothing else does
 */
export function guessType(fields: readonly FieldProfile[], records: number, topic: string): Candidate[] {
  const found = fields.flatMap((field): Candidate[] => {
    const path = formatFieldPath(field.path)
    const like = `${describe(field, records)}, such as ${examples(field)}`
    if (field.path.from === 'ce') return path === '$ce.type' ? [{ path, field, confidence: share(field, records), reason: `${like}: the CloudEvents type` }] : []
    const says = saysWhat(field.path)
    const names = says === undefined ? 0 : nameLikeness(field)
    if (says === undefined || names === 0) return []
    return [{ path, field, confidence: 0.95 * says.weight * names * fewness(field) * share(field, records) ** 2, reason: `${like}; its name says ${says.word}` }]
  })
  return rank([...found, { path: '$topic', confidence: 0.12, reason: `no field says what happened, so every event is of the type ${topic}` }])
}

/** How much the values look like names of what happens: `view` does, `3` less, an id, a time or a sentence not at all. */
function nameLikeness(field: FieldProfile): number {
  const kind = mainKind(field)
  if (kind === 'integer') return 0.5
  if (kind !== 'string') return 0
  const texts = [...field.distinct.keys()]
  const likely = texts.filter((text) => text.length > 0 && text.length <= 80 && !/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(text) && readTime(text) === undefined)
  if (likely.length < 0.95 * texts.length) return 0
  return texts.every((text) => /^\d+$/.test(text)) ? 0.5 : 1
}

/** Types are few against the records; a single one says little where another field says more. */
function fewness(field: FieldProfile): number {
  if (isConstant(field)) return 0.7
  const ratio = field.distinct.size / field.values.length
  if (field.distinct.size <= 3 || ratio <= 0.05) return 1
  if (ratio <= 0.2) return 0.9
  return ratio <= 0.5 || !isTelling(field) ? 0.5 : 0.1
}
