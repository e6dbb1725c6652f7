/** Longer texts of records are cut in a report; its definitions and notes are not. */
const most = 1000
const whole = new Set(['text', 'definitions', 'notes'])

/** A report without texts of any length: a record may hold megabytes, and a document should not. Says how long they were. */
export function cutTexts<T>(value: T, name = ''): T {
  if (typeof value === 'string') return (value.length <= most || whole.has(name) ? value : `${value.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}… (${value.length} characters)`) as T
  if (Array.isArray(value)) return value.map((item: unknown) => cutTexts(item, name)) as T
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [cutTexts(key), cutTexts(member as unknown, key)])) as T
  return value
}
