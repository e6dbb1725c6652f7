const grouped = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A number with four digits that count. */
export const formatNumber = (value: number): string => grouped.format(value)
/** A count with thousands separators. */
export const formatCount = (value: number): string => whole.format(value)
/** `12.5 %`, of a share from 0 to 1. */
export const formatShare = (value: number): string => `${(value * 100).toFixed(1)} %`

const units = [['day', 86_400e6], ['hour', 3600e6], ['minute', 60e6], ['second', 1e6]] as const

/** Microseconds in words, by the largest unit that fits: `5 minutes`, `1.5 hours`. */
export function formatDuration(micros: number): string {
  const [name, size] = units.find(([, least]) => Math.abs(micros) >= least) ?? ['second', 1e6]
  const amount = Number((micros / size).toPrecision(2))
  return `${formatNumber(amount)} ${name}${amount === 1 ? '' : 's'}`
}

/** How many times the odds are what they were: one decimal, two where it is near one or below. */
export const formatRatio = (value: number): string => (value >= 100 ? formatCount(value) : value.toFixed(value < 2 ? 2 : 1))
