import { categories, elements, items, ownCampaigns, searches, visitErrors } from './catalog.ts'
import { SECOND } from './durations.ts'
import type { Visit } from './visit.ts'

const steps = [['product', 0.42], ['category', 0.24], ['search', 0.1], ['click', 0.09], ['ad', 0.08], ['home', 0.055], ['error', 0.015]] as const

/** Looks around: pages in any order, searches, advertising, clicks, now and then an error. Never puts anything into the cart. */
export function browse(visit: Visit, count: number): void {
  const { random } = visit
  for (let step = 0; step < count; step++) {
    visit.think()
    switch (random.weighted(steps)) {
      case 'product': {
        const { item, category, price } = random.pick(items)
        visit.sendAside('page.view', visit.page(`/product/${item}`, { item, category, price }))
        break
      }
      case 'category': {
        const category = random.pick(categories)
        visit.sendAside('page.view', visit.page(`/category/${category}`, { category }))
        break
      }
      case 'search':
        visit.sendAside('search', { query: random.pick(searches) })
        break
      case 'click':
        click(visit)
        break
      case 'ad':
        visit.sendAside('ad.shown', { campaign: random.pick(ownCampaigns) })
        break
      case 'home':
        visit.sendAside('page.view', visit.page('/'))
        break
      case 'error':
        visit.send('error.raised', random.pick(visitErrors))
        break
    }
  }
}

/** How many clicks within which time are a rage click (Datadog's definition: more than three in a second). */
const RAGE_CLICKS = 4
const RAGE_WITHIN = SECOND

const clickKinds = [['single', 0.64], ['double', 0.14], ['impatient', 0.1], ['rage', 0.12]] as const

/**
 * Clicks an element once, or several times. All clicks of a rage lie within a second of its first, and any two bursts are
 * more than a second apart, so a rage is one match however a repeated step is cut. The impatient click as often, but any
 * four of their clicks take longer than a second: a near miss.
 */
function click(visit: Visit): void {
  const element = visit.random.pick(elements)
  switch (visit.random.weighted(clickKinds)) {
    case 'single':
      clickTimes(visit, element, 1, 0, 0)
      break
    case 'double':
      clickTimes(visit, element, visit.random.between(2, 3), 120, 300)
      break
    case 'impatient':
      clickTimes(visit, element, visit.random.between(RAGE_CLICKS, 6), 340, 600)
      break
    case 'rage':
      rage(visit, element)
      break
  }
}

/** Clicks with a pause of `low` to `high` milliseconds between two clicks. */
function clickTimes(visit: Visit, element: string, clicks: number, low: number, high: number): void {
  for (let click = 0; click < clicks; click++) {
    if (click > 0) visit.pause(low, high)
    visit.send('ui.click', { element })
  }
}

function rage(visit: Visit, element: string): void {
  const { random } = visit
  const clicks = random.between(RAGE_CLICKS, 9)
  // the bound is inclusive: some take exactly the second
  const length = random.chance(0.1) ? RAGE_WITHIN : random.between(300, RAGE_WITHIN)
  const first = visit.now
  for (let index = 0; index < clicks; index++) {
    visit.waitUntil(first + Math.floor((length * index) / (clicks - 1)))
    const note = index === RAGE_CLICKS - 1 ? (user: string) => visit.ledger.rageClick.confirm(user) : undefined
    visit.send('ui.click', { element }, note)
  }
}
