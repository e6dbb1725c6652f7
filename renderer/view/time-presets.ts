/** A range of time that is one click away. `ms` reaches back from the newest event. */
export const timePresets = [
  { label: 'Last 15 min', ms: 900_000 },
  { label: 'Last hour', ms: 3_600_000 },
  { label: 'Last 24 h', ms: 86_400_000 },
  { label: 'Last 7 days', ms: 604_800_000 },
  { label: 'Last 30 days', ms: 2_592_000_000 },
] as const

/** `2026-11-23T15:04:05` in the user's zone, as an input of type datetime-local takes it. */
export function toLocalInput(millis: number | undefined): string {
  if (millis === undefined) return ''
  const date = new Date(millis)
  const two = (value: number): string => value.toString().padStart(2, '0')
  return `${date.getFullYear().toString().padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** The inverse of {@link toLocalInput}; undefined for what is no time. */
export function fromLocalInput(text: string): number | undefined {
  const millis = new Date(text).getTime()
  return Number.isNaN(millis) ? undefined : millis
}
