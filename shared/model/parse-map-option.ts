import type { Failure } from '../errors.ts'
import { err, ok, type Result } from '../result.ts'
import { parseFieldPath } from './field-path.ts'
import { AttributeType, type Attribute, type Mapping } from './mapping.ts'

/** The paths that `--map` may name. */
export type MapOption = { readonly [F in 'key' | 'type' | 'time']?: Mapping[F] }

/** An attribute as `--attributes` names it; a type that is left out is guessed. */
export type AttributeOption = Omit<Attribute, 'type'> & { readonly type?: AttributeType }

/** Reads `key=user_id,type=event_type,time=event_time`; each part may be left out. */
export function parseMapOption(text: string): Result<MapOption> {
  const mapping: Record<string, string> = {}
  for (const part of splitList(text)) {
    const [name, path] = splitAt(part, '=')
    if (path === undefined || !['key', 'type', 'time'].includes(name)) return bad(`${part} is not one of key=…, type=… and time=….`)
    const parsed = parseFieldPath(path)
    if (!parsed.ok) return bad(`the ${name} ${path}: ${parsed.error.message}`)
    mapping[name] = path
  }
  return ok(mapping)
}

/** Reads `product_id,price:number,session=user_session:text`: a path, with a name in front and a type behind where they are wanted. */
export function parseAttributesOption(text: string): Result<readonly AttributeOption[]> {
  const attributes: AttributeOption[] = []
  for (const part of splitList(text)) {
    const [rest, typeText] = splitLast(part, ':')
    const [named, pathText] = splitAt(rest, '=')
    const path = pathText ?? named
    const type = typeText === undefined ? undefined : AttributeType.safeParse(typeText)
    if (type?.success === false) return bad(`${typeText ?? ''} is not a type; types are ${AttributeType.options.join(', ')}.`)
    const parsed = parseFieldPath(path)
    if (!parsed.ok) return bad(`the attribute ${path}: ${parsed.error.message}`)
    const name = pathText === undefined ? path.replace(/[^A-Za-z0-9_.]+/g, '_').replace(/^(?=[^A-Za-z_])/, '_') : named
    attributes.push({ name, path, ...(type === undefined ? {} : { type: type.data }) })
  }
  return ok(attributes)
}

/** Splits at commas that are not inside quotes. */
function splitList(text: string): readonly string[] {
  return (text.match(/(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^,])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '')
}

function splitAt(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

/** Splits at the last separator, unless a quote follows it. */
function splitLast(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.lastIndexOf(separator)
  return at === -1 || /["']/.test(text.slice(at)) ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

function bad(message: string): Result<never, Failure> {
  return err({ code: 'BAD_REQUEST', message, hint: 'For example --map key=user_id,type=event_type,time=event_time --attributes product_id,price:number.' })
}
