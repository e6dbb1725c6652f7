import { z } from 'zod'
import type { FieldPath } from './field-path.ts'

/**
 * Where a mapped value is taken from, as text:
 *
 * - `user.id`, `items[0].sku`, `"odd name".x`: a field of the decoded payload
 * - `$key`, `$topic`, `$partition`, `$broker_time`: the record itself
 * - `$headers.NAME`: a record header, read as UTF-8
 * - `$ce.NAME`: a CloudEvents context attribute
 * - `'page view'`: a constant
 *
 * Parsed by `field-path.ts`.
 */
export const FieldPathText = z.string().min(1).max(512)

/** How a time value is written. `iso` is any ISO 8601 form with or without zone (none means UTC). */
export const TimeFormat = z.enum(['iso', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns'])
export type TimeFormat = z.infer<typeof TimeFormat>

/** The type of an attribute's column. */
export const AttributeType = z.enum(['text', 'integer', 'number', 'boolean', 'time'])
export type AttributeType = z.infer<typeof AttributeType>

/** A payload field that becomes a typed column. A value that does not fit the type is NULL in the column and stays in the payload. */
export const Attribute = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.]{0,62}$/, 'a name of letters, digits, _ and . that begins with a letter'),
  path: FieldPathText,
  type: AttributeType,
})
export type Attribute = z.infer<typeof Attribute>

/**
 * The name that an attribute gets where none is given: its path, as far as names can say it (`user.id`, `items_0_.sku`).
 * Different paths may get one name, also because names that differ only in case share a column.
 */
export function attributeName(path: FieldPath): string {
  const text =
    path.from === 'payload'
      ? path.steps.map((step, index) => ('name' in step ? `${index === 0 ? '' : '.'}${step.name}` : 'index' in step ? `[${step.index}]` : '[each]')).join('')
      : path.from === 'header' || path.from === 'ce'
        ? path.name
        : path.from
  const name = text.replace(/[^A-Za-z0-9_.]+/g, '_').slice(0, 60)
  if (!/[A-Za-z0-9]/.test(name)) return 'field'
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}

/** Attributes of one source. Names that differ only in case would be one column. */
const Attributes = z
  .array(Attribute)
  .max(200)
  .superRefine((attributes, context) => {
    const names = new Map<string, string>()
    for (const { name } of attributes) {
      const other = names.get(name.toLowerCase())
      if (other !== undefined) context.addIssue({ code: 'custom', message: other === name ? `there are two attributes named ${name}` : `the attributes ${other} and ${name} differ only in case, which a column's name does not tell apart: rename one of them` })
      names.set(name.toLowerCase(), name)
    }
  })

/** Per source: which field is the key, the type, the time, and which fields are attributes. */
export const Mapping = z.object({
  key: FieldPathText,
  type: FieldPathText,
  time: FieldPathText,
  timeFormat: TimeFormat,
  attributes: Attributes,
})
export type Mapping = z.infer<typeof Mapping>

/** One guessed field of a mapping, with why it was chosen and how sure the guess is (0 to 1). */
export const Guess = z.object({ path: FieldPathText, confidence: z.number().min(0).max(1), reason: z.string() })
export type Guess = z.infer<typeof Guess>

/**
 * A mapping guessed from a sample, with the runners-up for each field, best first. `attributes` lists every field that
 * could be one; the mapping takes the best of them.
 */
export const MappingGuess = z.object({
  mapping: Mapping,
  key: z.array(Guess),
  type: z.array(Guess),
  time: z.array(Guess),
  attributes: z.array(Attribute.extend({ confidence: z.number().min(0).max(1), reason: z.string() })),
})
export type MappingGuess = z.infer<typeof MappingGuess>
