import type { ReportDifference } from './export.ts'
import type { Report } from './model.ts'
import { formatIso, shownText } from './text.ts'

/** Sums of fractions may differ in their last digits by the order in which they are added. */
const tolerance = 1e-9

/** Names of what may differ between two countings of the same events: it is of the workspace, not of them. */
const apart = new Set(['made', 'title', 'notes', 'types', 'removed', 'gaps', 'suppressed', 'version', 'kind', 'brokers', 'file', 'latenessMs'])

/**
 * Every number and time that two reports do not have in common, and every text where none of them is a stand-in of a
 * hidden one.
 *
 * @returns the differences in the order of the report, and how many values were compared
 */
export function compareReports(recorded: Report, now: Report): { readonly differences: readonly ReportDifference[]; readonly compared: number } {
  const { hide, hash, shorten } = recorded.privacy
  const comparison = new Comparison(hide.length + hash.length + shorten.length === 0)
  comparison.compare('', { behaviors: recorded.behaviors, data: recorded.data }, { behaviors: now.behaviors, data: now.data })
  return comparison
}

class Comparison {
  readonly differences: ReportDifference[] = []
  compared = 0
  private readonly withTexts: boolean

  constructor(withTexts: boolean) {
    this.withTexts = withTexts
  }

  compare(where: string, recorded: unknown, now: unknown): void {
    if (Array.isArray(recorded) && Array.isArray(now)) {
      if (recorded.length !== now.length) this.differ(`${where}: how many`, recorded.length, now.length)
      for (const [index, value] of recorded.entries()) if (index < now.length) this.compare(placed(where, index, value), value, now[index])
      return
    }
    if (isRecord(recorded) && isRecord(now)) {
      for (const key of new Set([...Object.keys(recorded), ...Object.keys(now)])) if (!apart.has(key)) this.compare(where === '' ? key : `${where}.${key}`, recorded[key], now[key])
      return
    }
    if (typeof recorded === 'string' && typeof now === 'string' && !this.withTexts && !/\.(?:checksum)$/.test(where)) return
    this.compared++
    if (!areEqual(recorded, now)) this.differ(where, recorded, now)
  }

  private differ(where: string, recorded: unknown, now: unknown): void {
    this.differences.push({ where: shownText(where, 200), recorded: written(where, recorded), now: written(where, now) })
  }
}

function areEqual(recorded: unknown, now: unknown): boolean {
  if (typeof recorded === 'number' && typeof now === 'number') return recorded === now || Math.abs(recorded - now) <= tolerance * Math.max(Math.abs(recorded), Math.abs(now))
  return recorded === now
}

/** Items are named by what they are, where they say so. */
function placed(where: string, index: number, value: unknown): string {
  const name = isRecord(value) ? (value.name ?? value.attribute ?? value.step ?? (typeof value.partition === 'number' && value.offset === undefined ? `partition ${value.partition}` : undefined)) : undefined
  return typeof name === 'string' ? `${where}[${name}]` : `${where}[${index + 1}]`
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function written(where: string, value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'not said'
  if (typeof value === 'bigint') return /(?:offset|next|resolution|ranges\[\d+\]\.first)$/.test(where) ? String(value) : formatIso(value)
  if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') return shownText(JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member)), 200)
  return shownText(`${value as string | number | boolean}`, 200)
}
