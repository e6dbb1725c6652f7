/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand, public domain), 128 bits of state. A seed gives the same
 * numbers on every machine. Not for secrets.
 */
export class Random {
  private a: number
  private b: number
  private c = 0
  private counter = 1

  /** `seed` is any safe integer. */
  constructor(seed: number) {
    this.a = seed | 0
    this.b = Math.floor(seed / 2 ** 32) | 0
    // the reference implementation mixes 12 rounds for a 64-bit seed; a few more cost nothing
    for (let round = 0; round < 20; round++) this.bits()
  }

  /** The next 32 bits, as a signed integer. */
  private bits(): number {
    const sum = (this.a + this.b + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum
  }

  /** A number in [0, 1). */
  unit(): number {
    return (this.bits() >>> 0) / 2 ** 32
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** An integer in [low, high], both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  /** A waiting time of a Poisson process, with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit())
  }

  /** An element of a list that must not be empty, each as likely as the other. */
  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T
  }

  /** A key of a table of weights that sum to 1; what rounding leaves over goes to the last key. */
  weighted<T extends string>(weights: readonly (readonly [T, number])[]): T {
    let left = this.unit()
    let chosen = (weights[0] as readonly [T, number])[0]
    for (const [name, weight] of weights) {
      chosen = name
      left -= weight
      if (left < 0) break
    }
    return chosen
  }
}
