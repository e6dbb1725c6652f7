import { formatFieldPath, type FieldPath } from '../../../shared/model/field-path.ts'
import { attributeName, type AttributeType, type MappingGuess } from '../../../shared/model/mapping.ts'
import { describe, examples, isConstant, isUnique, share } from './candidate.ts'
import { mainKind, type FieldProfile } from './flatten.ts'
import { saysCode, saysFraction } from './names.ts'
import { readTime } from './time-text.ts'

/** As many as a mapping may hold. */
const mostAttributes = 200
/** Texts longer than this, on average, are for reading. */
const longText = 100

/**
 * The scalar fields of the payload as typed attributes, the most useful first. What tells every record apart, never
 * changes or is long helps few questions and comes last.
 */
export function guessAttributes(fields: readonly FieldProfile[], records: number): MappingGuess['attributes'] {
  const guesses = fields.flatMap((field) => {
    const type = field.path.from === 'payload' ? attributeType(field) : undefined
    if (type === undefined) return []
    const use = usefulness(field, type)
    return [{ field, type, confidence: (0.3 + 0.7 * share(field, records)) * use.weight, reason: `${describe(field, records)}, such as ${examples(field)}${use.note}` }]
  })
  const names = new Set<string>()
  return guesses
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, mostAttributes)
    .map(({ field: { path }, type, confidence, reason }) => ({ name: newName(path, names), path: formatFieldPath(path), type, confidence, reason }))
}

function usefulness(field: FieldProfile, type: AttributeType): { readonly weight: number; readonly note: string } {
  if (isUnique(field) && (type === 'text' || type === 'integer')) return { weight: 0.2, note: '; different in every record' }
  if (isConstant(field)) return { weight: 0.4, note: '' }
  const length = field.values.reduce((sum, { text }) => sum + text.length, 0) / field.values.length
  if (length > longText) return { weight: 0.4, note: '; long texts' }
  return { weight: 0.9, note: '' }
}

function attributeType(field: FieldProfile): AttributeType | undefined {
  switch (mainKind(field)) {
    case 'integer':
      return saysFraction(field.path) ? 'number' : 'integer'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'string':
      return textType(field)
    default:
      // numbers here and texts there are texts everywhere; objects and arrays are no column
      return field.values.length > 0 && !field.kinds.has('object') && !field.kinds.has('array') ? 'text' : undefined
  }
}

/** What texts say: every value of a CSV file is one. Codes and numbers with leading zeros stay texts. */
function textType({ path, distinct }: FieldProfile): AttributeType {
  const texts = [...distinct.keys()].filter((text) => text !== '')
  if (texts.length === 0) return 'text'
  if (texts.every((text) => text === 'true' || text === 'false')) return 'boolean'
  if (!saysCode(path) && texts.every((text) => /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text))) {
    return texts.some((text) => text.includes('.')) || saysFraction(path) ? 'number' : 'integer'
  }
  return texts.every((text) => readTime(text)?.format === 'iso') ? 'time' : 'text'
}

/** A name that no attribute has yet; names that differ only in case share a column. */
function newName(path: FieldPath, names: Set<string>): string {
  const base = attributeName(path)
  let name = base
  for (let number = 2; names.has(name.toLowerCase()); number++) name = `${base.slice(0, 59)}_${number}`
  names.add(name.toLowerCase())
  return name
}
