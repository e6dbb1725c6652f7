import { AppError } from '../../../../shared/errors.ts'
import type { PlantedTruth } from '../../../../shared/model/planted-truth.ts'
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts'
import { Ledger, MAX_ALLOWED_LATENESS } from './ledger.ts'
import { NightlyFailure } from './nightly-failure.ts'
import { checkedOptions, type ShopOptions } from './options.ts'
import { EVENTS_PER_VISIT, playVisit } from './play-visit.ts'
import { Random } from './random.ts'
import { meanTraffic, traffic } from './rhythm.ts'
import type { PlannedEvent, ShopEvent } from './shop-event.ts'
import { plantedTruth } from './truth.ts'
import { Visit } from './visit.ts'
import { Visitors } from './visitors.ts'

/**
 * The demo shop's log: an endless, seeded sequence of events in order of arrival. The event at an offset depends on the
 * options alone, so a log can be filled up to now, be followed live and be resumed at any offset.
 *
 * A visit is planned as a whole in the minute it begins, and each of its events waits in the bucket of the minute it
 * arrives in; once a minute's visits are planned, its bucket is complete. Memory holds what is under way, not the log.
 */
export class DemoShop {
  private readonly options: Required<ShopOptions>
  private readonly random: Random
  private readonly ledger = new Ledger()
  private readonly visitors: Visitors
  private readonly nightlyFailure: NightlyFailure
  /** Milliseconds between visits, were it always the busiest hour. */
  private readonly shortestGap: number
  private nextVisit: number
  private readonly buckets = new Map<number, PlannedEvent[]>()
  private minute = 0
  private due: readonly PlannedEvent[] = []
  private sent = 0
  private nextOffset = 0
  private newest = -Infinity

  /** Throws BAD_REQUEST when an option is out of its range. */
  constructor(options: ShopOptions) {
    this.options = checkedOptions(options)
    const { seed, from, eventsPerDay } = this.options
    this.random = new Random(seed)
    this.visitors = new Visitors(this.options, this.random)
    this.nightlyFailure = new NightlyFailure(from, this.random, this.ledger)
    this.shortestGap = (DAY * meanTraffic * EVENTS_PER_VISIT) / eventsPerDay
    this.nextVisit = from + this.random.exponential(this.shortestGap)
  }

  /** The offset of the next event, counted from 0 at the start of the log. */
  get offset(): number {
    return this.nextOffset
  }

  /** The next event without sending it: to follow the log live, wait for its `arrival` and then {@link take} it. */
  peek(): ShopEvent {
    return this.upcoming().event
  }

  /** Sends the next event. */
  take(): ShopEvent {
    const { event, whenSent } = this.upcoming()
    this.sent += 1
    this.nextOffset += 1
    this.newest = Math.max(this.newest, event.time)
    whenSent?.()
    return event
  }

  /** Sends `count` events unseen: how to resume at an offset. Costs as much as making them, about a microsecond each. */
  skip(count: number): void {
    for (let index = 0; index < count; index++) this.take()
  }

  /**
   * What is planted in the events sent so far, seen with the watermark at the newest event's time less `allowedLateness`
   * (milliseconds). Throws BAD_REQUEST above an hour: so far back the ledger has forgotten what was still open.
   */
  truth(allowedLateness = 0): PlantedTruth[] {
    if (allowedLateness > MAX_ALLOWED_LATENESS) throw new AppError('BAD_REQUEST', 'the demo shop knows its truth up to an hour behind the newest event')
    return plantedTruth(this.ledger, this.newest - allowedLateness)
  }

  private upcoming(): PlannedEvent {
    let planned = this.due[this.sent]
    while (planned === undefined) {
      this.planMinute()
      planned = this.due[this.sent]
    }
    return planned
  }

  private planMinute(): void {
    const end = this.options.from + (this.minute + 1) * MINUTE
    // a Poisson process whose rate follows the rhythm, by thinning (Lewis and Shedler 1979)
    while (this.nextVisit < end) {
      if (this.random.chance(traffic(this.nextVisit))) this.planVisit(Math.floor(this.nextVisit))
      this.nextVisit += this.random.exponential(this.shortestGap)
    }
    for (const failure of this.nightlyFailure.planUntil(end)) this.schedule(failure)

    const due = this.buckets.get(this.minute) ?? []
    this.buckets.delete(this.minute)
    this.due = due.sort((left, right) => left.event.arrival - right.event.arrival)
    this.sent = 0
    this.minute += 1
    if (this.minute % 60 === 0) this.ledger.settle(this.newest - MAX_ALLOWED_LATENESS)
  }

  private planVisit(start: number): void {
    const { visitor, played } = this.visitors.next(start)
    const visit = new Visit(visitor, start, this.random, this.ledger)
    playVisit(visit)
    played(visit.now)
    for (const planned of visit.planned) this.schedule(planned.mayStray ? this.stray(planned) : planned)
  }

  /** Now and then sends a bystander event late, or twice, as real producers do. */
  private stray(planned: PlannedEvent): PlannedEvent {
    const { lateShare, duplicateShare } = this.options
    const { random } = this
    const { event } = planned
    if (random.chance(duplicateShare)) this.schedule({ ...planned, event: { ...event, arrival: event.arrival + random.between(SECOND, 30 * SECOND) } })
    if (!random.chance(lateShare)) return planned
    const delay = 2 * SECOND + Math.floor(Math.min(random.exponential(12 * MINUTE), 2 * HOUR))
    return { ...planned, event: { ...event, arrival: event.arrival + delay } }
  }

  private schedule(planned: PlannedEvent): void {
    const minute = Math.floor((planned.event.arrival - this.options.from) / MINUTE)
    const bucket = this.buckets.get(minute)
    if (bucket === undefined) this.buckets.set(minute, [planned])
    else bucket.push(planned)
  }
}

/** The shop's next events up to a time of arrival (epoch milliseconds, exclusive). The shop can be followed on from there. */
export function* shopEvents(shop: DemoShop, to: number): Generator<ShopEvent, void, undefined> {
  while (shop.peek().arrival < to) yield shop.take()
}
