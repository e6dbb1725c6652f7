import { err, ok, type Result } from '../result.ts'
import { formatFieldPath, parseFieldPath } from './field-path.ts'
import { Attribute, AttributeType, attributeName, type Mapping } from './mapping.ts'

/** The paths that `--map` may name. */
export type MapOption = { readonly [F in 'key' | 'type' | 'time']?: Mapping[F] }

/** An attribute as `--attributes` names it; a type that is left out is guessed. */
export type AttributeOption = Omit<Attribute, 'type'> & { readonly type?: AttributeType }

const mapFields = ['key', 'type', 'time'] as const

/**
 * Reads `key=user_id,type=event_type,time=event_time`; each part may be left out. Paths come back in the form that
 * {@link formatFieldPath} writes.
 */
export function parseMapOption(text: string): Result<MapOption> {
  const mapping: { -readonly [F in keyof MapOption]: MapOption[F] } = {}
  for (const part of splitOutsideQuotes(text, ',')) {
    const [name, ...rest] = splitOutsideQuotes(part, '=')
    const field = mapFields.find((known) => known === name)
    const [pathText] = rest
    if (field === undefined || pathText === undefined || rest.length > 1) return bad(`${part} is not one of key=…, type=… and time=….`)
    if (mapping[field] !== undefined) return bad(`the ${field} is given twice.`)
    const path = parseFieldPath(pathText)
    if (!path.ok) return bad(`the ${field} ${pathText}: ${path.error.message}`)
    mapping[field] = formatFieldPath(path.value)
  }
  return ok(mapping)
}

/**
 * Reads `product_id,price:number,session=user_session:text`: a path, with a name in front and a type behind where they
 * are wanted. An empty text is no attribute. Paths come back in the form that {@link formatFieldPath} writes.
 */
export function parseAttributesOption(text: string): Result<readonly AttributeOption[]> {
  const attributes = new Map<string, AttributeOption>()
  for (const part of splitOutsideQuotes(text, ',')) {
    const attribute = parseAttribute(part)
    if (!attribute.ok) return attribute
    // names that differ only in case share a column
    const column = attribute.value.name.toLowerCase()
    if (attributes.has(column)) return bad(`two attributes are named ${attribute.value.name}; give one another name in front, as in other=path.`)
    attributes.set(column, attribute.value)
  }
  return ok([...attributes.values()])
}

function parseAttribute(part: string): Result<AttributeOption> {
  const [named = '', typeText, ...afterType] = splitOutsideQuotes(part, ':')
  const [first = '', second, ...afterPath] = splitOutsideQuotes(named, '=')
  if (afterType.length > 0 || afterPath.length > 0) return bad(`${part} is not of the form path, path:type, name=path or name=path:type.`)
  const type = typeText === undefined ? undefined : AttributeType.safeParse(typeText)
  if (type?.success === false) return bad(`${typeText ?? ''} is not a type; types are ${AttributeType.options.join(', ')}.`)
  const path = parseFieldPath(second ?? first)
  if (!path.ok) return bad(`the attribute ${second ?? first}: ${path.error.message}`)
  const name = Attribute.shape.name.safeParse(second === undefined ? attributeName(path.value) : first)
  if (!name.success) return bad(`the name ${first} is not ${name.error.issues[0]?.message ?? 'a name'}.`)
  return ok({ name: name.data, path: formatFieldPath(path.value), ...(type === undefined ? {} : { type: type.data }) })
}

/**
 * The parts between separators that stand in no quotes, without the space around them; parts after the last separator
 * of a list may be missing. A doubled quote inside quotes closes and opens them again, which comes to the same.
 */
function splitOutsideQuotes(text: string, separator: ',' | '=' | ':'): readonly string[] {
  const parts: string[] = []
  let quote: string | undefined
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quote !== undefined) quote = character === quote ? undefined : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === separator) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  const trimmed = parts.map((part) => part.trim())
  // a comma too many between parts or at the end says nothing
  return separator === ',' ? trimmed.filter((part) => part !== '') : trimmed
}

function bad(message: string): Result<never> {
  return err({ code: 'BAD_REQUEST', message, hint: 'For example --map key=user_id,type=event_type,time=event_time --attributes product_id,price:number.' })
}
