import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBehaviors } from './parse.ts'
import { describeProblem } from './problem.ts'
import { printBehaviors } from './print.ts'
import { behaviorFile } from './syntax-arbitrary.test-helper.ts'

/** A tree without where its parts stand: what two texts of one meaning share. */
function meaning(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, part: unknown) => (name === 'span' || name.endsWith('Span') ? undefined : part))) as unknown
}

const examples = `# what people take back
sequence "changed their mind" by user, item
  added: cart.add
  then removed: cart.remove within 10m
  without purchase for 10m after added
return removed.time - added.time as hesitation

sequence "mass hesitation" from "changed their mind" by at least 50 users in 1h
react notify, publish behaviors.detected, webhook "https://example.test/hook"

sequence "nightly failure" by service, code
  error.raised
every 24h ± 15m at least 5 times

sequence "guided path" by user session 30m
  page.view where path == "/"
  then next page.view where path like "/category/*"
  then next cart.add

sequence "left for a better price" by user, item
  a: cart.add
  then p: either (price.compared) or (page.view where utm_source like "*compare*") within 5m
  # no cheaper than before
  then r: cart.remove where r.price >= a.price within 10m

sequence "abandoned checkout" by user, cart
  start: checkout.started
  without payment.succeeded for 30m after start
  until cart.deleted

sequence "rage click" by user, element
  ui.click at least 4 times within 1s

sequence "all of it" by user, data.items[0].sku within 2h session 30m
  "14" where (a + 1) * 2 > -b and not (c or d == null)
  optional then next x: view, click.* 2..4 times within 5m after 10s same item, device different page
  then any any order (m: one; two where n in (1, 2, 3)) within 1h
  without *.error between x and m
match longest overlap
return x.time as at, last.price / 2 as half
react notify
`

describe('behaviors as text', () => {
  it('are printed as they were written, when they were written as they are printed', () => {
    const { file, problems } = parseBehaviors(examples)
    expect(problems).toEqual([])
    expect(printBehaviors(file)).toBe(examples)
  })

  it('are the same tree when what was printed is read again', () => {
    fc.assert(
      fc.property(behaviorFile, (file) => {
        const text = printBehaviors(file)
        const { file: again, problems } = parseBehaviors(text)
        expect(problems, text).toEqual([])
        expect(meaning(again)).toEqual(meaning(file))
        expect(printBehaviors(again)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  it('keep the comments beside what they speak of', () => {
    const written = '# above\nsequence "x" by user # whose\n  a: cart # first\n  # really\n  then b where b.price > 1 # gone\n  without c for 10m # absent\n# odd\noverlap # all of them\nreturn b.time as # when\n  at\n# of y\nsequence "y" from "x" by at least 2 users in 1h # many\n# of z\nsequence "z" by user\n  a # the last\n# below'
    const printed = '# above\nsequence "x" by user\n  # whose\n  # first\n  a: cart\n  # really\n  # gone\n  then b where b.price > 1\n  # absent\n  without c for 10m\n# odd\n# all of them\n# when\noverlap\nreturn b.time as at\n\n# of y\n# many\nsequence "y" from "x" by at least 2 users in 1h\n\n# of z\nsequence "z" by user\n  # the last\n  a\n\n# below\n'
    expect(printBehaviors(parseBehaviors(written).file)).toBe(printed)
    expect(printBehaviors(parseBehaviors(printed).file)).toBe(printed)
  })

  it('are read without an exception, whatever they are', () => {
    const words = fc.constantFrom('sequence', '"a"', 'by', 'user', 'then', 'next', 'any', 'order', '(', ')', ';', ':', ',', 'x', 'where', 'not', '==', '1', '10m', 'within', 'at least', 'times', 'either', 'or', 'without', 'between', 'and', 'for', 'until', 'return', 'as', '#', '\n', '`', '"', '*', '.', '±', 'every', 'react', 'from', 'in', 'like')
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join(' ')
        const { problems } = parseBehaviors(text)
        for (const { span, message } of problems) {
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeLessThanOrEqual(text.length)
          expect(message.length).toBeLessThan(400)
        }
      }),
      { numRuns: 1000 },
    )
    // what is left out of the messages is left out of the tree all the same
    expect(parseBehaviors(' == sequence "x" by user, item within\ns\n  c.x\n  witho 5s\n  l0: a, b\n  theut a for 8s\nmatch longest\n').problems).not.toEqual([])
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseBehaviors(text)), { numRuns: 500 })
  })
})

describe('a text that nests without end', () => {
  const of = (expression: string): string => `sequence "x" by user\n  a where ${expression}`

  it.each([
    ['parentheses', of(`${'('.repeat(50_000)}x${')'.repeat(50_000)}`), /50 parentheses/],
    ['parentheses that are not closed', of('('.repeat(50_000)), /50 parentheses/],
    ['negations', of(`${'not '.repeat(40_000)}x`), /2000 operators/],
    ['signs', of(`${'-'.repeat(40_000)}x > 1`), /2000 operators/],
    ['conjunctions', of(Array.from({ length: 12_000 }, () => 'x > 1').join(' and ')), /2000 operators/],
    ['both', of(`${'not (-'.repeat(300)}x${')'.repeat(300)}`), /50 parentheses/],
  ])('is refused for its %s', (_what, text, message) => {
    const { problems } = parseBehaviors(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(message)
  })

  it('may nest and join as much as people and programs write', () => {
    const values = Array.from({ length: 5_000 }, (_, index) => `-${index}`).join(', ')
    for (const text of [of(`${'('.repeat(50)}x${')'.repeat(50)} > 1`), of(`x not in (${values})`), of(Array.from({ length: 400 }, () => '(x > 1 and y < -2)').join(' or ')), `sequence "x" by user\n  a${'\n  then page-view-of-shop where x - 1 > 2'.repeat(500)}`]) {
      const { file, problems } = parseBehaviors(text)
      expect(problems).toEqual([])
      expect(parseBehaviors(printBehaviors(file)).problems).toEqual([])
    }
  })
})

describe('an error', () => {
  it.each([
    ['sequence "x" by user\n  a: cart.add\n  then within 10m', 42, /an event type/],
    ['sequence "x" by\n', 15, /expected a name, the text ends/],
    ['sequence x by user a', 9, /expected a text in quotes, found "x"/],
    ['sequence "x" by user\n a within ten', 31, /expected a duration such as 10m, found "ten"/],
    ['nonsense', 0, /expected `sequence`, found "nonsense"/],
    ['sequence "x" by user\n a where b = 1', 32, /"=" means nothing here/],
    ['sequence "x" by user\n a\nmatch first\nmatch every', 36, /`match` is said twice/],
    ['sequence "x" by user\n a within 1m within 2m', 34, /`within` is said twice/],
  ])('of %j stands at %i', (text, start, message) => {
    const [problem] = parseBehaviors(text).problems
    expect(problem?.message).toMatch(message)
    expect(problem?.span.start).toBe(start)
  })

  it.each([
    ["sequence 'x' by user\n  a", `1:10: "'" means nothing here: texts stand in straight double quotes, as "text"`],
    ['sequence "x by user\n  a', '1:10: this text is not closed: its second " is missing in the line'],
    ['sequence "x" by user\n  a where b = 1', '2:13: "=" means nothing here; did you mean `==`?'],
    ['sequence "x" by user\n  a where b > 1 && c > 2', '2:17: "&&" means nothing here; did you mean `and`?'],
    ['sequence "x" by user\n  a where b is null', '2:13: null is asked for with `== null` or `!= null`'],
    ['sequence "x" by user\n  a\n  then b within 10min', '3:17: expected a duration such as 10m (units are ms, s, m, h, d, w), found "10min"; did you mean `10m`?'],
    ['sequence "x" by user\n  a\n  then b within 24 hours', '3:17: expected a duration such as 10m (units are ms, s, m, h, d, w), found "24 hours"; did you mean `24h`?'],
    ['sequence "x" by user\n  a\n  then b within 10', '3:17: expected a duration such as 10m (units are ms, s, m, h, d, w), found "10"'],
    ['sequence "x" by user\n  a\n  b', '3:3: a further step begins with `then`, found "b"'],
    ['sequence "x" by user\n  a\n  either (b) or (c)', '3:3: a further step begins with `then`, found "either"'],
    ['sequence "x" by user\n  then a', '2:3: the first step has no `then`: it begins with the event type'],
    ['sequence "x" by user\n  optional a\n  then b', '2:3: `optional` stands behind a first step, which a sequence begins with'],
    ['sequence "x" by user\n', '1:21: a sequence needs a first step: the type of an event'],
    ['sequence "x" by user\n  a\nreturn a.time', '3:14: expected `as`, the text ends'],
  ])('of %j is all that is said of it', (text, told) => {
    expect(parseBehaviors(text).problems.map((problem) => describeProblem(text, problem))[0]).toBe(told)
    const lines = parseBehaviors(text).problems.map(({ span }) => text.slice(0, span.start).split('\n').length)
    if (!told.includes('quotes')) expect(new Set(lines).size).toBe(lines.length)
  })

  it('names the word that was likely meant', () => {
    expect(parseBehaviors('sequence "x" by user\n a\n then b whre c == 1').problems[0]).toMatchObject({ suggestion: '`where`' })
    expect(parseBehaviors('sequense "x" by user a').problems[0]).toMatchObject({ suggestion: '`sequence`' })
  })
})
