import { rivalCampaign, type Item } from './catalog.ts'
import type { Chance } from './cause-table.ts'
import { MINUTE, SECOND } from './durations.ts'
import type { PlantedMatch } from './tally.ts'
import type { Visit } from './visit.ts'

/** The bound of a change of mind: from adding to removing, and from adding to the purchase that must not come. */
const CHANGE_WITHIN = 10 * MINUTE

/** When the outcome of a chance is known for certain: longer than any hesitation below, shorter than the pause between two visits. */
const CHANCE_WITHIN = 30 * MINUTE

const AD_SHARE = 0.25

/** What becomes of an article in the cart. The advertisement is the planted cause: it makes a change of mind ten times as likely. */
const fates = {
  exposed: [['keep', 0.4], ['change', 0.46], ['tooLate', 0.04], ['andBack', 0.06], ['twice', 0.04]],
  unexposed: [['keep', 0.92], ['change', 0.045], ['tooLate', 0.015], ['andBack', 0.015], ['twice', 0.005]],
} as const

/** Looks at a product and clicks it into the cart. The click keeps this from ever being a guided path. */
export function addByClick(visit: Visit): void {
  const item = visit.freshItem()
  visit.think()
  visit.sendAside('page.view', visit.page(`/product/${item.item}`, { ...item }))
  visit.think()
  visit.send('ui.click', { element: 'add-to-cart', item: item.item })
  visit.pause(50, 400)
  hesitate(visit, item, putIntoCart(visit, item))
}

/** Puts an article into the cart; `note` is taken when the event is sent. Returns the chance of a change of mind. */
export function putIntoCart(visit: Visit, item: Item, note?: (user: string) => void): Chance {
  const chance: Chance = { until: visit.now + CHANCE_WITHIN, exposed: false, matched: false }
  visit.basket.add(item)
  visit.send('cart.add', { ...item, cart: visit.cart }, (user) => {
    visit.ledger.changedMindCause.enter(chance)
    note?.(user)
  })
  return chance
}

/** What follows an article into the cart: perhaps a competitor's advertisement for it, then its fate. Called right after {@link putIntoCart}. */
export function hesitate(visit: Visit, item: Item, chance: Chance): void {
  const { random } = visit
  const added = visit.now
  const exposed = random.chance(AD_SHARE)
  if (exposed) showRivalAd(visit, item, chance)
  else if (random.chance(0.05)) compare(visit, item)
  switch (random.weighted(fates[exposed ? 'exposed' : 'unexposed'])) {
    case 'keep':
      break
    case 'change':
      change(visit, item, chance, added)
      break
    case 'tooLate':
      // a near miss, by as little as a millisecond
      visit.waitUntil(added + CHANGE_WITHIN + (random.chance(0.1) ? 1 : random.between(1, 3 * MINUTE)))
      remove(visit, item)
      break
    case 'andBack':
      changeAndBack(visit, item, chance, added)
      break
    case 'twice':
      addTwice(visit, item, chance, added)
      break
  }
}

function showRivalAd(visit: Visit, { item, category, price }: Item, chance: Chance): void {
  const { random } = visit
  const ad = { campaign: rivalCampaign, item, category, price: Math.round(price * random.between(70, 95)) / 100 }
  visit.pause(5 * SECOND, 90 * SECOND)
  visit.send('ad.shown', ad, () => (chance.exposed = true))
  if (!random.chance(0.4)) return
  visit.pause(SECOND, 5 * SECOND)
  visit.send('ad.click', ad)
  compare(visit, { item, category, price })
}

function compare(visit: Visit, item: Item): void {
  visit.pause(5 * SECOND, 40 * SECOND)
  visit.send('price.compared', { ...item })
}

function change(visit: Visit, item: Item, chance: Chance, added: number): void {
  const { random } = visit
  const soon = visit.now + 2 * SECOND + Math.floor(random.exponential(90 * SECOND))
  const last = added + CHANGE_WITHIN
  // the bound is inclusive: some wait for it to the millisecond
  visit.waitUntil(random.chance(0.03) ? last : Math.min(soon, last))
  regret(visit, item, chance, added)
}

/** Removes it, thinks again and goes to buy it: refuted if the purchase comes in time. */
function changeAndBack(visit: Visit, item: Item, chance: Chance, added: number): void {
  visit.pause(5 * SECOND, 60 * SECOND)
  regret(visit, item, chance, added)
  addAgain(visit, item, visit.now + visit.random.between(5 * SECOND, 60 * SECOND))
  visit.inHurry = true
}

/**
 * Adds it twice and removes both: one change of mind, counted from the first of the two, or from the second where the
 * first has been too long ago. The second removal is behind the match and has nothing left to undo.
 */
function addTwice(visit: Visit, item: Item, chance: Chance, added: number): void {
  const { random } = visit
  addAgain(visit, item, random.chance(0.3) ? added + random.between(8 * MINUTE, 9 * MINUTE) : visit.now + random.between(5 * SECOND, 60 * SECOND))
  const addedAgain = visit.now
  visit.pause(5 * SECOND, 2 * MINUTE)
  regret(visit, item, chance, visit.now <= added + CHANGE_WITHIN ? added : addedAgain)
  visit.pause(2 * SECOND, 5 * SECOND)
  remove(visit, item)
}

function addAgain(visit: Visit, item: Item, time: number): void {
  visit.waitUntil(time)
  visit.send('ui.click', { element: 'add-to-cart', item: item.item })
  visit.pause(50, 400)
  visit.basket.add(item)
  visit.send('cart.add', { ...item, cart: visit.cart })
}

/** Removes an article in time: a change of mind, unless it is bought within the bound all the same. */
function regret(visit: Visit, item: Item, chance: Chance, added: number): void {
  const match: PlantedMatch = { until: added + CHANGE_WITHIN }
  visit.regrets.set(item, { match, chance })
  remove(visit, item, (user) => {
    visit.ledger.changedMind.hold(user, match)
    chance.matched = true
  })
}

function remove(visit: Visit, item: Item, note?: (user: string) => void): void {
  visit.basket.delete(item)
  visit.send('cart.remove', { ...item, cart: visit.cart }, note)
}
