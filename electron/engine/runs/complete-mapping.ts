import { nearest } from '../../../shared/behavior/nearest.ts'
import { AppError } from '../../../shared/errors.ts'
import { parseFieldPath, type FieldPath } from '../../../shared/model/field-path.ts'
import type { AttributeType, Mapping, TimeFormat } from '../../../shared/model/mapping.ts'
import type { SampleRecord } from '../../../shared/model/sample.ts'
import { readTime } from '../mapping/time-text.ts'
import type { Sample } from '../sampling.ts'

/** How many records a mapping is guessed from. */
export const sampleSize = 1000

/** What a user has said of a mapping; the rest is guessed. */
export type GivenMapping = { readonly [F in keyof Mapping]?: Mapping[F] | undefined }

/** The mapping that the user has given, with guesses for what was left out. A time given without its form is looked at in the sample. */
export function completeMapping(given: GivenMapping | undefined, { guess, records }: Sample): Mapping {
  const mapping = overlay(guess.mapping, given)
  if (given?.time === undefined || given.timeFormat !== undefined) return mapping
  return { ...mapping, timeFormat: formOfTime(given.time, records) ?? mapping.timeFormat }
}

/**
 * Refuses what a user has given of a mapping where it names a column that a table does not have: a misspelled key would
 * store every event without its user.
 *
 * @param file how the table is called in the sentence
 * @throws AppError BAD_REQUEST
 */
export function checkColumns(given: GivenMapping | undefined, columns: readonly string[], file: string): void {
  const paths = [given?.key, given?.type, given?.time, ...(given?.attributes ?? []).map(({ path }) => path)]
  for (const path of paths) {
    const parsed = path === undefined ? undefined : parseFieldPath(path)
    const [step] = parsed?.ok === true && parsed.value.from === 'payload' ? parsed.value.steps : []
    if (step === undefined || !('name' in step) || columns.includes(step.name)) continue
    const meant = nearest(step.name, columns)
    throw new AppError('BAD_REQUEST', `${file} has no column ${step.name}.`, { hint: meant === undefined ? `It has ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ' and others' : ''}.` : `Did you mean ${meant}?` })
  }
}

/** Guessed attributes with the types that the workspace has for their names already: sources share columns. */
export function adoptTypes(mapping: Mapping, known: ReadonlyMap<string, AttributeType>): Mapping {
  return { ...mapping, attributes: mapping.attributes.map((attribute) => ({ ...attribute, type: known.get(attribute.name.toLowerCase()) ?? attribute.type })) }
}

/** A mapping with some of its fields replaced. */
export function overlay(mapping: Mapping, given: GivenMapping | undefined): Mapping {
  return {
    key: given?.key ?? mapping.key,
    type: given?.type ?? mapping.type,
    time: given?.time ?? mapping.time,
    timeFormat: given?.timeFormat ?? mapping.timeFormat,
    attributes: given?.attributes ?? mapping.attributes,
  }
}

/** How the times at a path are written, by the first that can be read. */
function formOfTime(path: string, records: readonly SampleRecord[]): TimeFormat | undefined {
  const parsed = parseFieldPath(path)
  if (!parsed.ok) return undefined
  for (const record of records) {
    const text = valueAt(parsed.value, record)
    const format = text === undefined ? undefined : readTime(text)?.format
    if (format !== undefined) return format
  }
  return undefined
}

function valueAt(path: FieldPath, { data, headers, context }: SampleRecord): string | undefined {
  if (path.from === 'header') return headers.find(({ name }) => name === path.name)?.value
  if (path.from === 'ce') {
    const value = context === undefined ? undefined : (JSON.parse(context) as Readonly<Record<string, unknown>>)[path.name]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
  }
  if (path.from !== 'payload' || data === undefined) return undefined
  let value: unknown = JSON.parse(data)
  for (const step of path.steps) {
    if (typeof value !== 'object' || value === null || 'each' in step) return undefined
    value = Reflect.get(value, 'name' in step ? step.name : step.index)
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
