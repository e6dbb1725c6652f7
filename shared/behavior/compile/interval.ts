const day = 86_400
/** Flink stores no interval of more digits for days, seconds in a time attribute's watermark included. */
const mostDays = 99

/** Milliseconds as what is taken off a time: several intervals where one is too short. */
export function minusInterval(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const parts: string[] = []
  let seconds = Math.floor(ms / 1000)
  for (; seconds >= (mostDays + 1) * day; seconds -= mostDays * day) parts.push(`- INTERVAL '${mostDays}' DAY`)
  parts.push(`- INTERVAL '${two(seconds / day)} ${two((seconds % day) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, '0')}' DAY TO SECOND(3)`)
  return parts.join(' ')
}
