import { browse } from './browsing.ts'
import { addByClick } from './cart.ts'
import { checkOut } from './checkout.ts'
import { followGuidedPath } from './guided-path.ts'
import type { Visit } from './visit.ts'

const GUIDED_SHARE = 0.14
const CHECKOUT_SHARE = 0.6

/** How many articles an unguided visit clicks into the cart. */
const cartSizes = [['0', 0.6], ['1', 0.26], ['2', 0.1], ['3', 0.04]] as const

/** The events of an average visit, as measured: what turns events a day into visits a day. */
export const EVENTS_PER_VISIT = 9.07

/** Plays a whole visit: the way in, some looking around, articles into the cart, the checkout. */
export function playVisit(visit: Visit): void {
  const { random } = visit
  if (random.chance(GUIDED_SHARE)) followGuidedPath(visit)
  else {
    visit.sendAside('page.view', visit.page(random.chance(0.6) ? '/' : '/category/shoes'))
    const articles = Number(random.weighted(cartSizes))
    for (let article = 0; article < articles && !visit.inHurry; article++) {
      browse(visit, random.between(0, 4))
      addByClick(visit)
    }
  }
  if (!visit.inHurry) browse(visit, Math.floor(random.exponential(4)))
  if (visit.basket.size > 0 && (visit.inHurry || random.chance(CHECKOUT_SHARE))) checkOut(visit)
}
