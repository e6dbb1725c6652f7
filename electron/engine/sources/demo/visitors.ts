import { countries, devices, utmSources } from './catalog.ts'
import { MINUTE } from './durations.ts'
import type { ShopOptions } from './options.ts'
import type { Random } from './random.ts'
import type { Visitor } from './visit.ts'

/** How long a user stays away after a visit, at the least: longer than any session gap or bound of a planted behavior. */
const AWAY = 31 * MINUTE

const UTM_SHARE = 0.35

/** Everyone who visits the shop: decides who comes, and lets nobody visit twice at the same time. */
export class Visitors {
  private readonly random: Random
  private readonly anonymousShare: number
  private readonly countryOf: Uint8Array
  private readonly busyUntil: Float64Array
  private readonly prefix: string
  private visits = 0

  constructor(options: Required<ShopOptions>, random: Random) {
    this.random = random
    this.anonymousShare = options.anonymousShare
    this.prefix = `s${options.seed.toString(36)}`
    this.busyUntil = new Float64Array(options.users).fill(-Infinity)
    // most customers come from the first countries of the list
    this.countryOf = Uint8Array.from({ length: options.users }, () => Math.floor(random.unit() * random.unit() * countries.length))
  }

  /** Who comes at `start`. `played` is to be called with the end of the visit. */
  next(start: number): { visitor: Visitor; played: (end: number) => void } {
    const { random } = this
    const index = random.chance(this.anonymousShare) ? undefined : this.freeUser(start)
    const visitor = {
      user: index === undefined ? null : `u${String(index + 1).padStart(5, '0')}`,
      session: `${this.prefix}-${(this.visits++).toString(36)}`,
      device: random.weighted(devices),
      country: countries[index === undefined ? random.between(0, countries.length - 1) : (this.countryOf[index] as number)] as string,
      utmSource: random.chance(UTM_SHARE) ? random.pick(utmSources) : null,
    }
    const played = (end: number): void => {
      if (index !== undefined) this.busyUntil[index] = end + AWAY
    }
    return { visitor, played }
  }

  /** A user who is not in the shop, or undefined if a few tries find none. */
  private freeUser(start: number): number | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const index = Math.floor(heavyTailed(this.random.unit()) * this.busyUntil.length)
      if ((this.busyUntil[index] as number) <= start) return index
    }
    return undefined
  }
}

/**
 * Bends a uniform number in [0, 1) so that its density falls as 1 / (x + 0.1)²: the first users come 11 times as often as
 * the average one, the last a tenth as often.
 */
function heavyTailed(unit: number): number {
  return 1 / (1 / 0.1 - unit * (1 / 0.1 - 1 / 1.1)) - 0.1
}
