import type { Entry } from './properties.ts'

/** A file that a snippet names, for the host to read into a field of the connection such as `tls.ca`. */
export interface SnippetFile {
  readonly field: string
  readonly path: string
}

/** The settings of a snippet while it is read: what is taken is marked, and what is left over can be listed. */
export class Settings {
  readonly notes: string[] = []
  readonly files: SnippetFile[] = []
  private readonly values: ReadonlyMap<string, string>
  private readonly taken = new Set<string>()

  /** Of a setting that stands twice the last one counts, as in every client. */
  constructor(entries: readonly Entry[]) {
    this.values = new Map(entries.map(({ key, value }) => [key, value.trim()]))
  }

  /** True when any of the settings is there with a value. */
  has(...keys: readonly string[]): boolean {
    return keys.some((key) => (this.values.get(key) ?? '') !== '')
  }

  /** Takes a setting; undefined where it is absent, empty, or a placeholder (which is noted). */
  take(key: string): string | undefined {
    const value = this.values.get(key)
    this.taken.add(key)
    return value === undefined || value === '' ? undefined : this.unlessPlaceholder(key, value)
  }

  /** Takes a setting as it is, for one whose parts may be placeholders. */
  takeWhole(key: string): string | undefined {
    this.taken.add(key)
    return this.values.get(key)
  }

  /** Passes a value through unless it only stands for one. The value itself is never noted: it may be a secret. */
  unlessPlaceholder(name: string, value: string): string | undefined {
    if (!isPlaceholder(value)) return value
    const note = `${name} holds a placeholder: fill it in.`
    if (!this.notes.includes(note)) this.notes.push(note)
    return undefined
  }

  /** Notes a setting that must be filled in by hand, unless a placeholder has said so already. */
  missing(name: string): void {
    if (!this.notes.some((note) => note.startsWith(`${name} holds a placeholder`))) this.notes.push(`${name} is missing: fill it in.`)
  }

  /** Names of the settings that nobody has taken. */
  unused(): string[] {
    return [...this.values.keys()].filter((key) => !this.taken.has(key))
  }

  get isEmpty(): boolean {
    return this.taken.size === 0 || ![...this.taken].some((key) => this.values.has(key))
  }
}

function isPlaceholder(value: string): boolean {
  return /^(?:\{\{.*\}\}|\$\{.*\}|<[^<>]*>)(?::\d+)?$|^your[-_ ].*$|^\*{3,}$|^x{4,}$|^(?:\.{3}|…)$/i.test(value)
}
