import { items, type Item } from './catalog.ts'
import type { Chance } from './cause-table.ts'
import { MINUTE, SECOND } from './durations.ts'
import type { Ledger } from './ledger.ts'
import type { Random } from './random.ts'
import type { PlannedEvent, ShopData, ShopEventType } from './shop-event.ts'
import type { PlantedMatch } from './tally.ts'

/** Who visits, and how. */
export interface Visitor {
  /** null for an anonymous visitor. */
  readonly user: string | null
  readonly session: string
  readonly device: string
  readonly country: string
  /** What brought the visitor here; null for a visit without a campaign. */
  readonly utmSource: string | null
}

/** A planted change of mind, and the chance it came from. */
export interface Regret {
  readonly match: PlantedMatch
  readonly chance: Chance
}

/** One visit to the shop while it is being planned: a clock that only goes forward, and the events so far. */
export class Visit {
  readonly planned: PlannedEvent[] = []
  readonly random: Random
  readonly ledger: Ledger
  /** The id of this visit's cart. */
  readonly cart: string
  /** What is in the cart. */
  readonly basket = new Set<Item>()
  /** The changes of mind of this visit by article: a purchase may still refute them. */
  readonly regrets = new Map<Item, Regret>()
  /** Someone who has made up their mind goes straight to the checkout. */
  inHurry = false
  private clock: number
  private readonly visitor: Visitor
  private readonly seen = new Set<Item>()

  /** `start` in epoch milliseconds. */
  constructor(visitor: Visitor, start: number, random: Random, ledger: Ledger) {
    this.visitor = visitor
    this.clock = start
    this.random = random
    this.ledger = ledger
    this.cart = `c-${visitor.session}`
  }

  /** The visit's clock in epoch milliseconds: the time of its latest event, or later. */
  get now(): number {
    return this.clock
  }

  /** Lets between `low` and `high` milliseconds pass, both included. */
  pause(low: number, high: number): void {
    this.clock += this.random.between(low, high)
  }

  /** Lets the time pass that people take to look at a page. */
  think(): void {
    this.clock += 2 * SECOND + Math.floor(Math.min(this.random.exponential(20 * SECOND), 8 * MINUTE))
  }

  /** Sets the clock, never backward. */
  waitUntil(time: number): void {
    this.clock = Math.max(this.clock, time)
  }

  /**
   * Plans an event that a planted behavior may hang on. `note` makes its entry in the ledger when the event is sent; of
   * anonymous visitors no note is taken, for an event without a key takes part in no behavior.
   */
  send(type: ShopEventType, data: ShopData, note?: (user: string) => void): void {
    const { user } = this.visitor
    this.plan(type, data, false, note === undefined || user === null ? undefined : () => note(user))
  }

  /** Plans an event that no planted behavior hangs on. */
  sendAside(type: 'page.view' | 'search' | 'ad.shown', data: ShopData): void {
    this.plan(type, data, true, undefined)
  }

  /** What a page.view of this visit holds: its first event also says what brought the visitor here. */
  page(path: string, data: ShopData = {}): ShopData {
    const { utmSource } = this.visitor
    return this.planned.length > 0 || utmSource === null ? { ...data, path } : { ...data, path, utm_source: utmSource }
  }

  /** An article, more likely a popular one, that this visit has not had in its hands yet. There are far more articles than a visit takes up. */
  freshItem(): Item {
    for (;;) {
      const unit = this.random.unit()
      const item = items[Math.floor(unit * unit * items.length)] as Item
      if (this.seen.has(item)) continue
      this.seen.add(item)
      return item
    }
  }

  private plan(type: ShopEventType, data: ShopData, mayStray: boolean, whenSent: (() => void) | undefined): void {
    const { user, session, device, country } = this.visitor
    const event = {
      id: `${session}-${this.planned.length}`,
      type,
      time: this.clock,
      arrival: this.clock,
      key: user,
      // one spread, and that first: a second one, or a later one, takes three times as long
      data: user === null ? { ...data, session, device, country } : { ...data, user, session, device, country },
    }
    this.planned.push({ event, mayStray, whenSent })
  }
}
