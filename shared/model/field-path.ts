import { err, ok, type Result } from '../result.ts'

/** One step into a payload: a field by name, an element by index, or every element. */
export type PathStep = { readonly name: string } | { readonly index: number } | { readonly each: true }

/** Where a mapped value is taken from. The text forms are listed at `FieldPathText` in mapping.ts. */
export type FieldPath =
  | { readonly from: 'payload'; readonly steps: readonly PathStep[] }
  | { readonly from: 'key' | 'topic' | 'partition' | 'broker_time' }
  | { readonly from: 'header' | 'ce'; readonly name: string }
  | { readonly from: 'constant'; readonly value: string }

const plainName = /^[\p{L}_][\p{L}\p{N}_-]*/u
const recordFields = ['key', 'topic', 'partition', 'broker_time'] as const

/** Reads the text form of a path. The failure names the column and what was expected there. */
export function parseFieldPath(text: string): Result<FieldPath> {
  return new PathReader(text).read()
}

/** Writes a path so that {@link parseFieldPath} reads the same path back. */
export function formatFieldPath(path: FieldPath): string {
  switch (path.from) {
    case 'payload':
      return path.steps.map((step, index) => ('name' in step ? `${index === 0 ? '' : '.'}${formatName(step.name)}` : 'index' in step ? `[${step.index}]` : '[*]')).join('')
    case 'header':
      return `$headers.${formatName(path.name)}`
    case 'ce':
      return `$ce.${formatName(path.name)}`
    case 'constant':
      return `'${path.value.replaceAll("'", "''")}'`
    default:
      return `$${path.from}`
  }
}

function formatName(name: string): string {
  return plainName.exec(name)?.[0] === name ? name : `"${name.replaceAll('"', '""')}"`
}

class PathReader {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  read(): Result<FieldPath> {
    if (this.text.startsWith("'")) return this.finish(this.quoted("'"), (value) => ({ from: 'constant', value }))
    if (this.take('$headers.')) return this.finish(this.name(), (name) => ({ from: 'header', name }))
    if (this.take('$ce.')) return this.finish(this.name(), (name) => ({ from: 'ce', name }))
    if (this.text.startsWith('$')) {
      const from = recordFields.find((field) => this.text === `$${field}`)
      return from === undefined ? this.expected('$key, $topic, $partition, $broker_time, $headers.NAME or $ce.NAME') : ok({ from })
    }
    return this.payload()
  }

  private payload(): Result<FieldPath> {
    const steps: PathStep[] = []
    do {
      const step = this.text[this.at] === '[' ? this.element() : this.field(steps.length === 0)
      if (!step.ok) return step
      steps.push(step.value)
    } while (this.at < this.text.length)
    return ok({ from: 'payload', steps })
  }

  private field(first: boolean): Result<PathStep> {
    if (!first && !this.take('.')) return this.expected('a dot, [index] or the end')
    const name = this.name()
    return name.ok ? ok({ name: name.value }) : name
  }

  private element(): Result<PathStep> {
    const [whole, inside] = /^\[(\*|\d{1,9})\]/.exec(this.text.slice(this.at)) ?? []
    if (whole === undefined || inside === undefined) return this.expected('[*] or an index such as [0]')
    this.at += whole.length
    return ok(inside === '*' ? { each: true } : { index: Number(inside) })
  }

  private name(): Result<string> {
    if (this.text[this.at] === '"') return this.quoted('"')
    const name = plainName.exec(this.text.slice(this.at))?.[0]
    if (name === undefined) return this.expected('a field name, in double quotes where it is not made of letters, digits, _ and -')
    this.at += name.length
    return ok(name)
  }

  /** A quoted text; the quote itself is written twice inside. */
  private quoted(quote: '"' | "'"): Result<string> {
    let value = ''
    for (let at = this.at + 1; at < this.text.length; at++) {
      if (this.text[at] !== quote) value += this.text[at] ?? ''
      else if (this.text[at + 1] === quote) {
        value += quote
        at++
      } else {
        this.at = at + 1
        return ok(value)
      }
    }
    this.at = this.text.length
    return this.expected(`a closing ${quote}`)
  }

  private finish<T>(read: Result<T>, make: (value: T) => FieldPath): Result<FieldPath> {
    if (!read.ok) return read
    return this.at === this.text.length ? ok(make(read.value)) : this.expected('the end')
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  private expected(what: string): Result<never> {
    return err({ code: 'BAD_MAPPING', message: `column ${this.at + 1}: expected ${what}`, hint: 'For example user.id, items[0].sku, "odd name", $key, $headers.name or \'constant\'.' })
  }
}
