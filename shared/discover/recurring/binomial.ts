/** The probability of at least `hits` of `trials` at a chance of `share` each. */
export function binomialTail(hits: number, trials: number, share: number): number {
  if (hits <= 0) return 1
  if (share <= 0) return 0
  if (share >= 1) return 1
  const [log, rest] = [Math.log(share), Math.log1p(-share)]
  let sum = 0
  for (let at = hits; at <= trials; at++) {
    const term = Math.exp(logChoose(trials, at) + at * log + (trials - at) * rest)
    sum += term
    // behind the peak the terms only fall
    if (at > trials * share && term < sum * 1e-12) break
  }
  return Math.min(1, sum)
}

function logChoose(of: number, take: number): number {
  return logFactorial(of) - logFactorial(take) - logFactorial(of - take)
}

const known: number[] = [0, 0]

/** Summed up for small numbers, by Stirling's series beyond. */
function logFactorial(value: number): number {
  if (value >= 256) return value * Math.log(value) - value + 0.5 * Math.log(2 * Math.PI * value) + 1 / (12 * value) - 1 / (360 * value ** 3)
  for (let at = known.length; at <= value; at++) known.push((known[at - 1] as number) + Math.log(at))
  return known[value] as number
}
