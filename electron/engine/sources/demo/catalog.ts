/** An article of the demo shop; `price` in euros. */
export interface Item {
  readonly item: string
  readonly category: string
  readonly price: number
}

const prices: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  shoes: { 'trail-runner': 119.9, 'canvas-low': 54.5, 'winter-boot': 149, 'court-classic': 84.95, sandal: 39.9, 'clog-cork': 64.9 },
  bags: { 'day-pack': 79, 'roll-top': 109.5, 'tote-linen': 29.9, 'sling-mini': 44, 'cabin-case': 189, 'bike-pannier': 69.9 },
  kitchen: { 'moka-pot': 34.9, 'chef-knife': 89, 'cast-pan': 59.95, 'pour-over': 24.5, 'bread-tin': 18.9, 'spice-mill': 42 },
  audio: { 'ear-buds': 99, 'desk-speaker': 159, 'turntable': 279, 'studio-phones': 139.9, 'radio-dab': 74.5, 'sound-bar': 219 },
  garden: { 'hand-trowel': 14.9, 'water-can': 27.5, 'seed-box': 19.9, 'rain-gauge': 12.5, 'fire-bowl': 129, 'hammock-net': 58 },
  toys: { 'wood-train': 49.9, 'kite-delta': 22.5, 'puzzle-1000': 17.9, 'marble-run': 64, 'plush-fox': 26.9, 'chess-set': 37.5 },
}

/** Every article, the popular ones first: the categories take turns, so that each has some of both. */
export const items: readonly Item[] = Object.entries(prices)
  .flatMap(([category, articles]) => Object.entries(articles).map(([item, price], rank) => ({ rank, item, category, price })))
  .sort((left, right) => left.rank - right.rank)
  .map(({ item, category, price }) => ({ item, category, price }))

export const categories: readonly string[] = Object.keys(prices)

export const countries = ['DE', 'FR', 'NL', 'PL', 'ES', 'IT', 'SE', 'AT', 'GB', 'US'] as const

export const devices = [['phone', 0.61], ['desktop', 0.31], ['tablet', 0.08]] as const

export const utmSources = ['newsletter', 'google', 'instagram', 'price-compare', 'podcast'] as const

/** Advertising that sells the shop itself and changes no mind. */
export const ownCampaigns = ['spring-sale', 'free-shipping', 'new-arrivals'] as const

/** Advertising of a competitor that offers the very item for less: what the change of mind is planted on. */
export const rivalCampaign = 'cheaper-elsewhere'

export const searches = ['gift', 'waterproof', 'black', 'wood', 'small', 'sale', 'birthday', 'travel'] as const

/** Elements that people click once in a while; `add-to-cart` is kept for the way into the cart. */
export const elements = ['menu', 'gallery-next', 'size-picker', 'apply-coupon', 'reviews-tab', 'chat-bubble'] as const

/** Errors that a visit may run into: they follow the traffic, hence the hour of day, and mean nothing more. */
export const visitErrors = [
  { service: 'search', code: 'TIMEOUT' },
  { service: 'images', code: 'NOT_FOUND' },
  { service: 'stock', code: 'STALE_READ' },
  { service: 'checkout', code: 'CARD_GATEWAY_BUSY' },
] as const

/** The error that is planted to recur every night. */
export const nightlyError = { service: 'settlement', code: 'LEDGER_LOCKED' } as const
