import { twoSided } from './normal.ts'

/**
 * Whether a fact that may come while one waits for the outcome goes with it, told fairly: whoever waits longer has more
 * time for the fact. At every outcome those still waiting are compared by whether the fact had come by then (the log-rank
 * test with a fact that depends on time; Mantel 1966, Peto and Peto 1972).
 *
 * @param since when the fact came for each chance, Infinity for never, in any unit
 * @param until when the chance was decided, in the same unit
 * @param decided 1 where what decided it was the outcome that is asked about; the others only stop waiting
 * @returns the two-sided p value; 1 where nothing can be told
 */
export function logRank(since: Float64Array, until: Float64Array, decided: Uint8Array): number {
  const size = since.length
  const byEnd = Int32Array.from({ length: size }, (_, at) => at).sort((left, right) => (until[left] as number) - (until[right] as number))
  // those with the fact, in the order in which it came
  const come = byEnd.filter((at) => (since[at] as number) < (until[at] as number)).sort((left, right) => (since[left] as number) - (since[right] as number))
  let next = 0
  let exposed = 0
  let observedLessExpected = 0
  let variance = 0
  for (let at = 0; at < size; ) {
    const time = until[byEnd[at] as number] as number
    for (; next < come.length && (since[come[next] as number] as number) < time; next++) exposed++
    let [outcomes, withFact, gone, goneExposed] = [0, 0, 0, 0]
    for (; at < size && until[byEnd[at] as number] === time; at++) {
      const one = byEnd[at] as number
      const had = (since[one] as number) < time
      gone++
      if (had) goneExposed++
      if (decided[one] !== 1) continue
      outcomes++
      if (had) withFact++
    }
    const waiting = size - at + gone
    if (outcomes > 0 && waiting > 1) {
      const share = exposed / waiting
      observedLessExpected += withFact - outcomes * share
      variance += (outcomes * share * (1 - share) * (waiting - outcomes)) / (waiting - 1)
    }
    exposed -= goneExposed
  }
  return variance === 0 ? 1 : twoSided(observedLessExpected / Math.sqrt(variance))
}
