import type { Item } from './catalog.ts'
import { MINUTE, SECOND } from './durations.ts'
import type { PlantedMatch } from './tally.ts'
import type { Visit } from './visit.ts'

/** How long a checkout may wait for its payment before it counts as abandoned. */
const PAY_WITHIN = 30 * MINUTE

const fates = [['pay', 0.66], ['leave', 0.16], ['retryAndPay', 0.07], ['retryAndLeave', 0.03], ['delete', 0.04], ['deleteLate', 0.02], ['payLate', 0.02]] as const

/** Goes to the checkout with what is in the cart, and perhaps pays. A visit has one cart and goes there once. */
export function checkOut(visit: Visit): void {
  const { random } = visit
  const fate = visit.inHurry ? 'pay' : random.weighted(fates)
  const starts = [start(visit)]
  switch (fate) {
    case 'leave':
      break
    case 'pay':
      visit.pause(20 * SECOND, 3 * MINUTE)
      pay(visit, starts)
      break
    case 'retryAndPay':
    case 'retryAndLeave':
      visit.pause(20 * SECOND, 3 * MINUTE)
      visit.send('payment.failed', { cart: visit.cart, code: 'card_declined' })
      // the same cart once more: two starts, and a payment that answers both
      starts.push(start(visit))
      if (fate === 'retryAndLeave') break
      visit.pause(20 * SECOND, 3 * MINUTE)
      pay(visit, starts)
      break
    case 'delete':
      visit.pause(10 * SECOND, 20 * MINUTE)
      deleteCart(visit, starts)
      break
    case 'deleteLate':
      visit.pause(PAY_WITHIN + MINUTE, 2 * PAY_WITHIN)
      deleteCart(visit, starts)
      break
    case 'payLate':
      // the bound is inclusive: the one is in time to the millisecond, the other late by one
      visit.waitUntil(visit.now + PAY_WITHIN + random.pick([0, 1, MINUTE, 8 * MINUTE]))
      pay(visit, starts)
      break
  }
}

/** Starts the checkout: abandoned, unless something comes within the bound. */
function start(visit: Visit): PlantedMatch {
  visit.pause(3 * SECOND, 40 * SECOND)
  const match: PlantedMatch = { until: visit.now + PAY_WITHIN }
  visit.send('checkout.started', { cart: visit.cart, amount: amount(visit) }, (user) => visit.ledger.abandonedCheckout.hold(user, match))
  return match
}

function pay(visit: Visit, starts: readonly PlantedMatch[]): void {
  visit.send('payment.succeeded', { cart: visit.cart, amount: amount(visit) }, refuting(visit, starts))
  for (const item of visit.basket) {
    visit.pause(5, 60)
    purchase(visit, item)
  }
}

/** Buys one article. Where that undoes a change of mind, some do so at the very last moment. */
function purchase(visit: Visit, item: Item): void {
  const regret = visit.regrets.get(item)
  if (regret !== undefined && visit.random.chance(0.2)) visit.waitUntil(regret.match.until)
  const inTime = regret !== undefined && visit.now <= regret.match.until
  visit.send('purchase', { ...item, cart: visit.cart }, () => {
    if (!inTime) return
    visit.ledger.changedMind.refute(regret.match)
    regret.chance.matched = false
  })
}

function deleteCart(visit: Visit, starts: readonly PlantedMatch[]): void {
  visit.send('cart.deleted', { cart: visit.cart }, refuting(visit, starts))
}

/** The note of an event that refutes every checkout it is still in time for. */
function refuting(visit: Visit, starts: readonly PlantedMatch[]): () => void {
  const inTime = starts.filter((match) => visit.now <= match.until)
  return () => inTime.forEach((match) => visit.ledger.abandonedCheckout.refute(match))
}

/** What the cart costs, in euros. */
function amount(visit: Visit): number {
  let cents = 0
  for (const { price } of visit.basket) cents += Math.round(price * 100)
  return cents / 100
}
