import type { PlantedTruth } from '../../../../shared/model/planted-truth.ts'
import { nightlyError, rivalCampaign } from './catalog.ts'
import type { Ledger } from './ledger.ts'
import { nightly } from './nightly-failure.ts'

/** The planted behaviors in the behavior language, by name: the texts of their `.behavior` files. */
export const plantedBehaviors = {
  'changed their mind': `sequence "changed their mind" by user, item
  added: cart.add
  then removed: cart.remove within 10m
  without purchase for 10m after added
return removed.time - added.time as hesitation
`,
  'nightly failure': `sequence "nightly failure" by service, code
  error.raised where service == "${nightlyError.service}" and code == "${nightlyError.code}"
every 24h ± 15m at least 5 times
`,
  'guided path': `sequence "guided path" by user session 30m
  page.view where path == "/"
  then next page.view where path like "/category/*"
  then next page.view where path like "/product/*"
  then next cart.add
`,
  'abandoned checkout': `sequence "abandoned checkout" by user, cart
  start: checkout.started
  without payment.succeeded for 30m after start
  until cart.deleted
`,
  'rage click': `sequence "rage click" by user, element
  ui.click at least 4 times within 1s
`,
} as const

/** What the ledger knows at a watermark (epoch milliseconds), as plain data. */
export function plantedTruth(ledger: Ledger, watermark: number): PlantedTruth[] {
  return [
    {
      ...named('changed their mind'),
      ...ledger.changedMind.count(watermark),
      cause: {
        chance: 'a cart.add with no cart.add of the same user and item in the 30 minutes before, once 30 minutes have passed since',
        exposure: `an ad.shown with campaign "${rivalCampaign}" to the same user for the same item, after the chance and before its outcome`,
        ...ledger.changedMindCause.count(watermark),
      },
      notes: [
        'Refuted: the article was put back and bought within 10 minutes of the first cart.add.',
        'An article added twice and removed twice is one match. A removal later than 10 minutes is a near miss.',
        'price.compared follows the advertisement and changes no mind by itself.',
      ],
    },
    nightlyFailure(ledger, watermark),
    {
      ...named('guided path'),
      ...ledger.guidedPath.count(watermark),
      notes: ['Near misses: a break of more than 30 minutes between two steps, and a ui.click before the cart.add.'],
    },
    {
      ...named('abandoned checkout'),
      ...ledger.abandonedCheckout.count(watermark),
      notes: ['Refuted: paid, or the cart deleted, within 30 minutes.', 'A cart that comes to the checkout a second time counts once for each start.'],
    },
    {
      ...named('rage click'),
      ...ledger.rageClick.count(watermark),
      notes: ['All clicks of a rage lie within one second of its first. Near misses: four or more clicks, any four of which take longer.'],
    },
  ]
}

function nightlyFailure(ledger: Ledger, watermark: number): PlantedTruth {
  const { hits, misses, runs } = ledger.nightlyFailure.count(watermark)
  return {
    ...named('nightly failure'),
    occurrences: runs,
    users: 0,
    confirmed: { occurrences: runs, users: 0 },
    pending: { occurrences: 0, users: 0 },
    refuted: 0,
    recurrence: { ...nightly, hits, misses },
    notes: [
      'An occurrence is five failing nights or more without a miss between them; no user takes part.',
      'The other errors only follow the traffic, and so the hour of day.',
    ],
  }
}

function named(name: keyof typeof plantedBehaviors): Pick<PlantedTruth, 'name' | 'behavior'> {
  return { name, behavior: plantedBehaviors[name] }
}
