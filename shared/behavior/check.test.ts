import { describe, expect, it } from 'vitest'
import { checkBehaviors, resolveKey, type Vocabulary } from './check.ts'
import { parseBehaviors } from './parse.ts'
import { describeProblem } from './problem.ts'

const vocabulary: Vocabulary = {
  types: ['cart.add', 'cart.remove', 'purchase', 'page view'],
  fields: new Map([['item', 'text'], ['price', 'number'], ['due', 'time'], ['gift', 'boolean']]),
  keyNames: ['account.id'],
  behaviors: new Map([['hesitation', ['user', 'item']], ['crowd', []]]),
}

/** The problems of a text as they are told, each with its severity. */
function problemsOf(text: string, known: Vocabulary = vocabulary): readonly string[] {
  const { file, problems } = parseBehaviors(text)
  expect(problems).toEqual([])
  return checkBehaviors(file.behaviors, known).map((problem) => `${problem.severity} ${describeProblem(text, problem)}`)
}

/** The same of steps, whose first line is line 2. */
const problemsIn = (steps: string): readonly string[] => problemsOf(`sequence "x" by user\n${steps}`)

describe('a behavior without a fault', () => {
  it.each([
    'sequence "x" by user, item within 1h session 30m\n  a: cart.add where price > 1 and gift\n  then r: cart.remove where r.price >= a.price within 10m same item\n  without purchase for 10m after a\n  until "page view"\nreturn r.time - a.time as gap',
    'sequence "x" by account.id\n  cart.*\nevery 24h ± 15m at least 2 times',
    'sequence "x" from "hesitation" by at least 5 users in 1h',
    'sequence "x" by key\n  cart.add\n  without cart.remove\n  then purchase',
    'sequence "x" by user within 1h\n  cart.add\n  without cart.remove',
    'sequence "x" by user\n  a: cart.add\n  then either (p: cart.remove) or (purchase where price > a.price)\n  then purchase where p.price == null or item like "x*" or due - a.time > 5m',
    'sequence "base" by user\n  cart.add\n\nsequence "many" from "base" by at least 2 users in 1h',
  ])('has no problems: %s', (text) => {
    expect(problemsOf(text)).toEqual([])
  })

  it('is not held against a vocabulary that knows nothing yet', () => {
    expect(problemsOf('sequence "x" by who\n  a.b where c.d == 1', { types: [], fields: new Map(), keyNames: [], behaviors: new Map() })).toEqual([])
  })
})

describe('names', () => {
  it('of types are known, or the nearest is suggested', () => {
    expect(problemsIn('  cart.ad')).toEqual(['error 2:3: no event type `cart.ad` in this workspace; did you mean `cart.add`?'])
    expect(problemsIn('  cart.add\n  then cart.remove, "page views"')).toEqual(['error 3:21: no event type `page views` in this workspace; did you mean `page view`?'])
    expect(problemsIn('  cart.add\n  without purchas for 1m')).toEqual(['error 3:11: no event type `purchas` in this workspace; did you mean `purchase`?'])
    expect(problemsIn('  cart.add\n  then either (x) or (purchase)')[0]).toMatch(/^error 3:16: no event type `x`/)
  })

  it('of types by glob are only warned of, quoted ones are no globs', () => {
    expect(problemsIn('  order.*')).toEqual(['warning 2:3: no event type is like order.* so far'])
    expect(problemsIn('  "cart.*"')[0]).toMatch(/^error 2:3: no event type `cart\.\*`/)
  })

  it('of fields are known wherever they stand', () => {
    expect(problemsOf('sequence "x" by user, itm\n  cart.add')).toEqual(['error 1:23: no field `itm` in this workspace; did you mean `item`?'])
    expect(problemsIn('  cart.add where prise > 1')).toEqual(['error 2:18: no field `prise` in this workspace; did you mean `price`?'])
    expect(problemsIn('  cart.add\n  then cart.remove same itm different prise')).toEqual(['error 3:25: no field `itm` in this workspace; did you mean `item`?', 'error 3:39: no field `prise` in this workspace; did you mean `price`?'])
    expect(problemsIn('  a: cart.add\nreturn a.prise as p')).toEqual(['error 3:8: no field `prise` in this workspace; did you mean `price`?'])
    expect(problemsIn('  a: cart.add\n  without purchase where itm == a.item for 1m')).toEqual(['error 3:26: no field `itm` in this workspace; did you mean `item`?'])
  })

  it('of steps are known where they are used, and bound before', () => {
    expect(problemsIn('  added: cart.add\n  without purchase for 1m after aded')).toEqual(['error 3:33: no step is labeled aded; did you mean added?'])
    expect(problemsIn('  added: cart.add\n  then purchase where price > aded.price')).toEqual(['error 3:31: no field `aded.price` in this workspace; did you mean `added.price`?'])
    expect(problemsIn('  a: cart.add\n  then b: purchase\n  without cart.remove between a and c')).toEqual(['error 4:37: no step is labeled c'])
    expect(problemsIn('  a: cart.add where price < b.price\n  then b: purchase')).toEqual(['error 2:29: b comes later: nothing is known of it here'])
    expect(problemsIn('  a: cart.add\n  then b: purchase\n  without cart.remove between b and a')).toEqual(['error 4:3: b does not come before a'])
  })

  it('are given once', () => {
    expect(problemsIn('  a: cart.add\n  then a: purchase')).toEqual(['error 3:8: two steps are labeled a'])
    expect(problemsIn('  a: cart.add\n  then either (a: purchase) or (cart.remove)')).toEqual(['error 3:16: two steps are labeled a'])
    expect(problemsIn('  cart.add\nreturn price as p, item as p')).toEqual(['error 3:20: two values are returned as p'])
    expect(problemsOf('sequence "x" by user\n  cart.add\n\nsequence "x" by user\n  purchase')).toEqual(['error 4:10: there are two behaviors named "x"'])
    expect(problemsOf('sequence " " by user\n  cart.add')).toEqual(['error 1:10: a behavior needs a name'])
  })

  it('of a step that are those of a field are warned of', () => {
    expect(problemsIn('  item: cart.add')).toEqual(['warning 2:3: item is a field as well: where a name stands alone it is the field, item.name is the step\'s'])
  })
})

describe('bounds', () => {
  it('can be kept', () => {
    expect(problemsIn('  cart.add\n  then purchase within 5m after 10m')).toEqual(['error 3:3: nothing is both within 5m and after 10m'])
    expect(problemsOf('sequence "x" by user within 1h\n  cart.add\n  then purchase after 2h')).toEqual(['error 3:3: the whole sequence must fit within 1h'])
    expect(problemsIn('  cart.add 3..2 times')).toEqual(['error 2:3: 3..2 times cannot be'])
    expect(problemsIn('  cart.add 0 times')).toEqual(['error 2:3: a step that may be missing is written `optional then`'])
    expect(problemsIn('  any order (cart.add; purchase) 2 times')).toEqual(['error 2:3: `any order` takes each of its parts once and cannot be repeated'])
  })

  it('that bound nothing are warned of', () => {
    expect(problemsOf('sequence "x" by user within 1h\n  cart.add\n  then purchase within 2h')).toEqual(['warning 3:3: the whole sequence must fit within 1h: this step\'s 2h bounds nothing'])
    expect(problemsOf('sequence "x" by user session 30m\n  cart.add\n  then purchase after 1h')).toEqual(['warning 3:3: with pauses of at most 30m, this needs other events in between'])
  })

  it('of any order stand between parts', () => {
    expect(problemsIn('  any order (cart.add, purchase)')).toEqual(['warning 2:3: `any order` of a single part orders nothing: parts are separated by `;`'])
  })

  it('end every absence', () => {
    const message = 'error 3:3: this absence has no end: say `for 10m after …`, or bound the sequence by `within`'
    expect(problemsIn('  cart.add\n  without purchase')).toEqual([message])
    expect(problemsIn('  cart.add\n  without purchase\n  optional then cart.remove')).toEqual([message])
  })

  it('make a recurrence one', () => {
    expect(problemsIn('  cart.add\nevery 1h ± 1h at least 3 times')).toEqual(['error 3:1: ± 1h of every 1h is always'])
    expect(problemsIn('  cart.add\nevery 1h ± 1m at least 1 times')).toEqual(['error 3:1: what happens once does not recur: at least 2 times'])
  })
})

describe('expressions', () => {
  it('compare what can be compared', () => {
    expect(problemsIn('  cart.add where item > 5')).toEqual(['warning 2:18: a text is never equal to, more or less than a number: this is never true'])
    expect(problemsIn('  cart.add where price in (1, "2")')).toEqual(['warning 2:31: a number is never equal to, more or less than a text: this is never true'])
    expect(problemsIn('  cart.add where time > 5m')).toHaveLength(1)
    expect(problemsIn('  cart.add where gift < true')).toEqual(['warning 2:18: what is true or false is neither less nor more: this is never true'])
  })

  it('do not look for null in a list', () => {
    expect(problemsIn('  cart.add where price not in (1, null)')).toEqual(['warning 2:35: `not in` a list with null is never true: ask `!= null` beside it'])
    expect(problemsIn('  cart.add where price in (1, null)')).toEqual(['warning 2:31: null in a list is equal to nothing: ask `== null` beside it'])
  })

  it('calculate with numbers, join what is true or false, and search in texts', () => {
    expect(problemsIn('  cart.add where item * 2 > 1')).toEqual(['error 2:18: `*` needs numbers, this is a text'])
    expect(problemsIn('  cart.add where gift and price')).toEqual(['error 2:27: `and` joins what is true or false, this is a number'])
    expect(problemsIn('  cart.add where not price')).toEqual(['error 2:18: `not` needs something that is true or false, this is a number'])
    expect(problemsIn('  cart.add where price like "1*"')).toEqual(['error 2:18: only texts are `like` a pattern, this is a number'])
  })
})

describe('what may cost much', () => {
  it('is warned of', () => {
    expect(problemsIn('  cart.add\n  then any purchase')).toEqual(['warning 3:3: `then any` tries every later event: without `within` this grows with the square of a sequence'])
    expect(problemsIn('  cart.add\n  then any purchase within 1m\n  then any cart.remove within 1m')).toEqual(['warning 4:3: 2 steps try every event: their branches multiply'])
    expect(problemsIn('  cart.add 2 times\n  then purchase 2 times\n  then cart.remove at least 2 times')).toEqual(['warning 4:3: 3 repeated steps share the events between them in many ways'])
  })
})

describe('a behavior that stands on another', () => {
  it.each([
    ['from "hesitatoin" by at least 5 users in 1h', ['error 1:19: there is no behavior "hesitatoin"; did you mean "hesitation"?']],
    ['from "x" by at least 5 users in 1h', ['error 1:19: a behavior cannot stand on itself']],
    ['from "crowd" by at least 5 users in 1h', ['error 1:19: "crowd" counts many at once itself; name the behavior that it stands on']],
    ['from "hesitation" by at least 5 itemz in 1h', ['error 1:46: "hesitation" has no key itemz, it has user, item; did you mean item?']],
    ['from "hesitation" by at least 0 users in 1h', ['error 1:46: at least 1 must happen']],
    ['from "hesitation" by at least 2 users in 0s', ['error 1:46: this time is empty']],
  ])('is wrong where it says %s', (text, problems) => {
    expect(problemsOf(`sequence "x" ${text}`)).toEqual(problems)
  })

  it('means a key by its name, its plural or as the user', () => {
    expect(resolveKey('items', ['user', 'item'])).toBe('item')
    expect(resolveKey('users', ['key'])).toBe('key')
    expect(resolveKey('bus', ['bus', 'bu'])).toBe('bus')
    expect(resolveKey('shops', ['user', 'item'])).toBeUndefined()
  })
})
