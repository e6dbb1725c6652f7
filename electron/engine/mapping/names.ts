import type { FieldPath } from '../../../shared/model/field-path.ts'

/** What a name says: how well it fits, 0 to 1, and the word that says so. */
export interface NameMeaning {
  readonly weight: number
  readonly word: string
}

/** Words of a field's name that may follow without changing whom it names: `user`, `userid`, `user_pseudo_id`. */
const identifier = '(?: ?(?:pseudo |global |external |internal |anonymous )?(?:id|uid|uuid|guid|key|no|nr|number|num|hash|ref))?'
/** Names of what an event is wrapped in: they say nothing about the field inside. */
const wrapper = '(?:(?:event|events|meta|metadata|headers?|message|msg|payload|body|data|envelope|record|context|properties|attributes|details?|params) )*'
const clock = '(?:time ?stamp|time|ts|tstamp|date ?time|date|at|on)(?: ?(?:ms|us|ns|s|sec|secs|millis|micros|nanos|seconds|utc|epoch|iso))?'

type Meanings = readonly (readonly [pattern: RegExp, weight: number])[]

const who: Meanings = [
  [named('user', identifier), 1],
  [named('customer|visitor|member|account|subscriber|player|patient|passenger|student|employee|shopper|buyer|person|profile|contact|consumer|viewer|rider|guest', identifier), 0.95],
  [named('uid|distinct ?id|anonymous ?id|actor ?(?:id)?|principal ?(?:id)?|identity'), 0.9],
  [named('user ?name|login|email|msisdn', '(?: ?(?:address|hash|id))?'), 0.8],
  [named('subject|sub'), 0.75],
  [named('client|device|cookie|browser|installation|instance|fingerprint|driver|owner|author|sender', identifier), 0.7],
  [named('session|visit|sid', identifier), 0.6],
  [named('partition ?key'), 0.55],
  [named('ip|ip address|remote addr|tenant|organi[sz]ation', identifier), 0.3],
]

const what: Meanings = [
  [named('(?:event|activity|action|interaction) ?(?:type|name|kind|action|code)'), 1],
  [new RegExp(`^${wrapper}(event)$`), 0.97],
  [new RegExp(`^${wrapper}(type)$`), 0.95],
  [new RegExp(`^${wrapper}(action|activity|verb|operation|command|type id|message type|record type)$`), 0.9],
  [new RegExp(`^${wrapper}(name|kind)$`), 0.85],
  [new RegExp(`^${wrapper}(category|label|op|method|state|status)$`), 0.5],
  [new RegExp(`^${wrapper}(level|severity|logger|message|msg)$`), 0.45],
]

const when: Meanings = [
  [named('updated?|modified|changed|expir(?:es|ed|y|ation)|birth|dob|due|until|valid|delivery|scheduled|end(?:ed)?|finish(?:ed)?|sign ?up|registered|joined|first|last|prev(?:ious)?|next', `(?: [a-z]+)* ?${clock}`), 0.15],
  [named('dob|birthday|expiry|until'), 0.1],
  [named('event|occurred|occurrence|happened|action|activity|original|derived|effective', ` ?${clock}`), 1],
  [new RegExp(`^${wrapper}(${clock}|t|when)$`), 0.95],
  [named('client|device|dvce|created?|creation|dvce created|log(?:ged)?|request|start(?:ed)?|begin|begun|local|utc|epoch', ` ?${clock}`), 0.85],
  [named('server|collector|received?|sent|ingest(?:ed|ion)?|process(?:ed|ing)?|publish(?:ed)?|kafka|arrival|arrived|etl|load(?:ed)?|insert(?:ed)?', ` ?${clock}`), 0.7],
  [new RegExp(`(?:^| )(${clock})$`), 0.8],
]

const eventId: Meanings = [[named('event|message|msg|request|trace|span|correlation|record|insert|log|transaction|uuid|guid|hash|nonce|sequence|seq|offset', identifier), 1], [new RegExp(`^${wrapper}(id)$`), 1]]

/** Whether a name says who did it, and how surely: `user_id`, `customer.id`, `anonymousId`. */
export function saysWho(path: FieldPath): NameMeaning | undefined {
  return meaning(path, who)
}

/** Whether a name says what happened: `event_type`, `action`; not `device_type`, which says what something is. */
export function saysWhat(path: FieldPath): NameMeaning | undefined {
  return meaning(path, what)
}

/** Whether a name says when it happened: `event_time` more than `received_at`, `expires_at` hardly. */
export function saysWhen(path: FieldPath): NameMeaning | undefined {
  return meaning(path, when)
}

/** Whether a name says that its values tell events apart, such as `event_id`. */
export function isEventId(path: FieldPath): boolean {
  return meaning(path, eventId) !== undefined
}

/** Whether values that look like numbers are names all the same: `zip`, `product_id`, `sku`. */
export function saysCode(path: FieldPath): boolean {
  return /(?:^| )(?:(?:user|customer|client|account|session|product|item|order|cart|category|u|uu|gu)?id|code|sku|zip|zipcode|postcode|postal|phone|msisdn|ean|isbn|upc|key|ref|version|ip)$/.test(wordsOf(path))
}

/** Whether whole numbers may have fractions the next time: `price`, `rating`. */
export function saysFraction(path: FieldPath): boolean {
  return /(?:^| )(?:price|amount|total|subtotal|cost|revenue|value|tax|discount|fee|balance|rate|ratio|rating|score|percent|percentage|share|weight|height|width|lat|latitude|lon|lng|longitude|temperature|distance|average|avg)$/.test(wordsOf(path))
}

/** The lower-case words of a path's names: `user.profileURL` is `user profile url`. */
export function wordsOf(path: FieldPath): string {
  const names = path.from === 'payload' ? path.steps.map((step) => ('name' in step ? step.name : '')) : 'name' in path ? [path.name] : []
  return names.join(' ').replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** A pattern for names that end in one of the words. */
function named(words: string, rest = ''): RegExp {
  return new RegExp(`(?:^| )(${words})${rest}$`)
}

function meaning(path: FieldPath, meanings: Meanings): NameMeaning | undefined {
  const words = wordsOf(path)
  for (const [pattern, weight] of meanings) {
    const word = pattern.exec(words)?.[1]
    // a field further inside is more likely about a part of the event, a header more likely about its transport
    if (word !== undefined) return { word, weight: weight * (path.from === 'payload' ? 0.97 ** (path.steps.length - 1) : path.from === 'header' ? 0.9 : 1) }
  }
  return undefined
}
