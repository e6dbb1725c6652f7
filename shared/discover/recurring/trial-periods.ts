import { Spectrum } from './fourier.ts'

const mostHarmonics = 24
/** Frequencies are tried at this part of what the span of time can tell apart, so that high harmonics are met as well. */
const oversampling = 16
const largest = 1 << 21
/** Two bins a harmonic: what is nearer than minutes is one episode, and finer harmonics tell nothing of it. */
const finestBin = 300_000_000

/** That of the last series: most have the same size. Its megabytes go when memory is wanted for something else. */
let latest: WeakRef<Spectrum> | undefined

function spectrumOf(size: number): Spectrum {
  const known = latest?.deref()
  if (known?.values.length === size) return known
  const made = new Spectrum(size)
  latest = new WeakRef(made)
  return made
}

/**
 * The H-test (de Jager, Raubenheimer, Swanepoel 1989) for every period between two: H is the largest sum of the powers of
 * the first m harmonics less 4m − 4. All powers come from one Fourier transform. It proposes periods; what it proposes is
 * tested by who asks.
 *
 * @param times ascending, microseconds
 * @returns the periods of the best peaks, the highest first
 */
export function tryPeriods(times: Float64Array, { shortest, longest, most }: { readonly shortest: number; readonly longest: number; readonly most: number }): readonly number[] {
  const start = times[0] as number
  const span = (times[times.length - 1] as number) - start
  if (!(span > 0) || longest <= shortest) return []
  const finest = Math.max(shortest / (2 * mostHarmonics), finestBin, (span * oversampling) / largest)
  const size = Math.max(4, 2 ** Math.ceil(Math.log2((span * oversampling) / finest)))
  const bin = (span * oversampling) / size
  const spectrum = spectrumOf(size)
  const { values } = spectrum
  values.fill(0)
  for (const time of times) {
    const at = Math.floor((time - start) / bin)
    values[at] = (values[at] as number) + 1
  }
  const power = spectrum.powers()
  const total = bin * size
  const [first, last] = [Math.max(1, Math.ceil(total / longest)), Math.min(size / 2, Math.floor(total / shortest))]
  const tried = last - first + 1
  if (tried <= 0) return []
  const scores = new Float64Array(tried + 2)
  for (let at = first; at <= last; at++) scores[at - first + 1] = hOf(power, at, times.length)
  const peaks: { readonly period: number; readonly h: number }[] = []
  for (let at = 1; at <= tried; at++) {
    const h = scores[at] as number
    if (h < (scores[at - 1] as number) || h < (scores[at + 1] as number)) continue
    peaks.push({ period: total / (at + first - 1), h })
  }
  return peaks.sort((a, b) => b.h - a.h).slice(0, most).map(({ period }) => period)
}

function hOf(power: Float64Array, at: number, events: number): number {
  let [sum, best] = [0, 0]
  for (let harmonic = 1; harmonic <= mostHarmonics && at * harmonic < power.length; harmonic++) {
    sum += (2 / events) * (power[at * harmonic] as number)
    best = Math.max(best, sum - 4 * harmonic + 4)
  }
  return best
}
