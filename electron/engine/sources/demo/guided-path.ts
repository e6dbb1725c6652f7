import { hesitate, putIntoCart } from './cart.ts'
import { MINUTE, SECOND } from './durations.ts'
import type { Visit } from './visit.ts'

/**
 * Home, category, product and into the cart, nothing in between: the guided path. Nowhere else does a cart.add directly
 * follow a page.view (see addByClick), so there is no other. Some are cut in two by a break longer than the session gap.
 */
export function followGuidedPath(visit: Visit): void {
  const { random } = visit
  const item = visit.freshItem()
  const { category } = item
  const breakAfter = random.chance(0.06) ? random.between(0, 2) : -1
  const pause = (step: number): void => (step === breakAfter ? visit.pause(31 * MINUTE, 45 * MINUTE) : visit.pause(2 * SECOND, 50 * SECOND))

  visit.send('page.view', visit.page('/'))
  pause(0)
  visit.send('page.view', visit.page(`/category/${category}`, { category }))
  pause(1)
  visit.send('page.view', visit.page(`/product/${item.item}`, { ...item }))
  pause(2)
  const note = (user: string): void => visit.ledger.guidedPath.confirm(user)
  hesitate(visit, item, putIntoCart(visit, item, breakAfter === -1 ? note : undefined))
}
