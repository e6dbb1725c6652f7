/** A support that is too low: there are more patterns than anybody could look at. */
export class TooManyPatterns extends Error {
  /** About how many there are. */
  readonly estimate: number

  constructor(found: number, share: number, most: number) {
    super(`more than ${most} patterns`)
    this.estimate = Math.round(found / Math.max(share, 1e-9))
  }
}

/** Early: a tenth of what is allowed, and by what is done of the search far more is to come. */
export function tooMany(found: number, share: number, most: number): boolean {
  return found > most || (found > most / 10 && found / Math.max(share, 1e-9) > 20 * most)
}
