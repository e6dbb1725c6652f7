/** Every type of event that the shop sends. */
export type ShopEventType =
  | 'page.view'
  | 'search'
  | 'ui.click'
  | 'ad.shown'
  | 'ad.click'
  | 'price.compared'
  | 'cart.add'
  | 'cart.remove'
  | 'cart.deleted'
  | 'checkout.started'
  | 'payment.succeeded'
  | 'payment.failed'
  | 'purchase'
  | 'error.raised'

/** The fields an event's data may hold. Prices and amounts in euros. An anonymous visitor has no `user`. */
export interface ShopData {
  readonly user?: string
  readonly session?: string
  readonly device?: string
  readonly country?: string
  readonly path?: string
  readonly utm_source?: string
  readonly query?: string
  readonly element?: string
  readonly item?: string
  readonly category?: string
  readonly price?: number
  readonly cart?: string
  readonly amount?: number
  readonly campaign?: string
  readonly service?: string
  readonly code?: string
}

/** One record of the demo shop's log. Times in epoch milliseconds. */
export interface ShopEvent {
  /** Unique per event; a duplicate record carries the id of its original. */
  readonly id: string
  readonly type: ShopEventType
  /** When it happened. */
  readonly time: number
  /** When the record reaches the log: equal to `time`, unless it comes late or twice. Never falls along the log. */
  readonly arrival: number
  /** The user; null for anonymous visitors and for what the machines do among themselves. */
  readonly key: string | null
  readonly data: ShopData
}

/** An event that has been thought of but not yet sent. */
export interface PlannedEvent {
  readonly event: ShopEvent
  /** Whether it may come late or twice. Events that a planted behavior hangs on may not, so that every prefix of the log has a known truth. */
  readonly mayStray: boolean
  /** Keeps the books of the planted behaviors, at the moment the event is sent. */
  readonly whenSent: (() => void) | undefined
}
