import { describe, isConstant, isUnique, rank, share, show, type Candidate } from './candidate.ts'
import { mainKind, type FieldProfile } from './flatten.ts'
import { isEventId, saysWho } from './names.ts'
import { formatFieldPath } from '../../../shared/model/field-path.ts'

/**
 * Guesses what ties events into one sequence: a field whose name says who, or the record key. A key comes again in many
 * records; what is new in each of them tells events apart and ties nothing together.
 */
export function guessKey(fields: readonly FieldProfile[], records: number): Candidate[] {
  const recordKey = fields.find(({ path }) => path.from === 'key')
  const named = fields.flatMap((field): Candidate[] => {
    const says = saysWho(field.path)
    const kind = mainKind(field)
    if (says === undefined || (kind !== 'string' && kind !== 'integer')) return []
    const same = recordKey !== undefined && isSame(field, recordKey)
    // a small sample of a large topic shows most users once, so a good name outweighs it
    const repeats = isConstant(field) ? 0.3 : isUnique(field) ? 0.8 : 1
    return [{
      path: formatFieldPath(field.path),
      field,
      confidence: 0.95 * says.weight * share(field, records) * repeats + (same ? 0.03 : 0),
      reason: `${describe(field, records)}, ${same ? 'the same as the record key, and ' : ''}its name says ${says.word}`,
    }]
  })
  return rank([...named, recordKey === undefined ? withoutKey : recordKeyCandidate(recordKey, fields, records)])
}

const withoutKey: Candidate = { path: '$key', confidence: 0.05, reason: 'no field says who did it, and the records have no key: name the field that ties events together' }

function recordKeyCandidate(recordKey: FieldProfile, fields: readonly FieldProfile[], records: number): Candidate {
  const twin = fields.find(({ path, values }) => path.from === 'payload' && values.length > 0 && isSame({ values }, recordKey))
  const repeats = isConstant(recordKey) ? 0.2 : isUnique(recordKey) ? 0.4 : 1
  return {
    path: '$key',
    field: recordKey,
    confidence: 0.65 * share(recordKey, records) * repeats * (twin !== undefined && isEventId(twin.path) ? 0.5 : 1),
    reason: `${describe(recordKey, records)}, ${twin === undefined ? 'and producers mostly choose it so that related events stay in order' : `the same as ${show(twin.path)}`}`,
  }
}

/** Whether a field says the same as the record key wherever it says something, but for 1 in 100. */
function isSame(field: Pick<FieldProfile, 'values'>, recordKey: FieldProfile): boolean {
  const keys = new Map(recordKey.values.map(({ record, text }) => [record, text]))
  return field.values.filter(({ record, text }) => keys.get(record) === text).length >= 0.99 * field.values.length
}
