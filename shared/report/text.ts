/** Numbers, times and texts as a report writes them: in English and UTC, so that two readers read the same. Times are microseconds. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 })

/** `1,234`; `not said` where a count is too small, or would give one away that is. */
export function formatCount(count: number | null): string {
  return count === null ? 'not said' : grouped.format(count)
}

/** A number of any size, with up to five digits that count. */
export const formatNumber = (value: number): string => (Number.isInteger(value) ? grouped.format(value) : precise.format(value))

/** `18.4 %`, of a part in a whole. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const percent = (100 * part) / whole
  return `${percent >= 99.95 || percent === 0 ? percent.toFixed(0) : percent < 0.1 ? percent.toPrecision(1) : percent.toFixed(1)} %`
}

const units = [['d', 86_400_000_000], ['h', 3_600_000_000], ['min', 60_000_000], ['s', 1_000_000], ['ms', 1000]] as const

/** `2 h 5 min`, `41 s`, `350 ms`: the two largest units of microseconds. */
export function formatDuration(micros: number): string {
  const sign = micros < 0 ? '−' : ''
  let rest = Math.abs(Math.round(micros))
  if (rest === 0) return '0 s'
  if (rest < 1000) return `${sign}${rest} µs`
  const parts: string[] = []
  for (const [unit, size] of units) {
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount > 0) parts.push(`${grouped.format(amount)} ${unit}`)
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return `${sign}${parts.join(' ')}`
}

/** ISO 8601 in UTC with microseconds where there are any; the number itself beyond the calendar. */
export function formatIso(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const date = new Date(Number((micros - rest) / 1000n))
  if (Number.isNaN(date.getTime())) return `${micros} µs`
  const iso = date.toISOString()
  return rest === 0n ? iso : iso.replace('Z', `${rest.toString().padStart(3, '0')}Z`)
}

/** `2022-10-01 00:59:40`, for people; milliseconds and microseconds where there are any. */
export function formatTime(micros: bigint): string {
  return formatIso(micros).replace('T', ' ').replace(/(?:\.000)?Z$/, '')
}

/** `1 October 2022`, and the time of day where it matters. */
export function formatDay(micros: bigint, withTime = false): string {
  const date = new Date(Number(micros / 1000n))
  if (Number.isNaN(date.getTime())) return formatIso(micros)
  const day = `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`
  return withTime ? `${day}, ${date.toISOString().slice(11, 16)}` : day
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** `from 1 October 2022 to 3 October 2022`; with the time of day where both are one day or two. */
export function formatPeriod(first: bigint, last: bigint): string {
  const isShort = last - first < 172_800_000_000n
  const [from, to] = [formatDay(first, isShort), formatDay(last, isShort)]
  return from === to ? `on ${from}` : `from ${from} to ${to}`
}

/** Control and invisible characters, those that turn the direction of writing, and halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
/** Longer texts are cut wherever a report shows them. */
export const mostCharacters = 300

/** A text of a record as a report may show it: what has no shape becomes visible (`\u202e`), what is too long is cut and says so. */
export function shownText(text: string, most = mostCharacters): string {
  const cut = text.length > most ? text.slice(0, most) : text
  const visible = cut.replace(unseen, (character) => character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))
  return text.length > most ? `${visible}… (${grouped.format(text.length)} characters)` : visible
}

/** Text of several lines: tabs and line ends stay, all else is as in {@link shownText}. */
export function shownLines(text: string, most = 20_000): string {
  const cut = text.length > most ? text.slice(0, most) : text
  return cut.split(/\r\n|\r|\n/).map((line) => line.split('\t').map((part) => shownText(part, most)).join('    ')).join('\n') + (cut.length < text.length ? `\n… (${grouped.format(text.length)} characters)` : '')
}
