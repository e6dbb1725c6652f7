import { distance } from 'fastest-levenshtein'

/** The known name that is nearest to a mistyped one, when it is near enough to be what was meant; case does not count. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  // a third of the letters may be wrong: beyond that a suggestion only confuses
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  let best: string | undefined
  for (const candidate of known) {
    const away = distance(wanted, candidate.toLowerCase())
    // one letter for another has nothing of it left
    if (away >= least || away >= Math.max(wanted.length, candidate.length)) continue
    least = away
    best = candidate
  }
  return best
}
