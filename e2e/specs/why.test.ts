import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WhyAnswer } from '../../shared/model/why.ts'
import { TestWorkspace } from './workspace.ts'

const rees46 = join(process.env.UNDERCURRENT_DATA ?? '../shared/data', 'rees46')
const nothingElse = { context: [] }

describe('why, on the demo shop', () => {
  let shop: TestWorkspace
  beforeAll(async () => {
    shop = await TestWorkspace.open()
    const { source } = await shop.call('demo.start', { seed: Math.floor(Math.random() * 1e6), days: 4, eventsPerDay: 20_000, live: false })
    await shop.call('tail.finished', { source })
  }, 60_000)
  afterAll(() => shop.remove())

  it('finds the planted cause of a change of mind first, without being told', async () => {
    const truth = (await shop.call('demo.truth', {})).find(({ name }) => name === 'changed their mind')
    const planted = truth?.cause
    if (planted === undefined) throw new Error('the shop plants a cause')
    const answer = await shop.call('why.ask', { text: truth?.behavior, knowledge: nothingElse })
    const [first] = answer.findings
    expect(first?.phrase).toBe('an ad.shown for the same item came between start and outcome')
    // there may be no other finding that came before it and could explain it
    expect(['holds', 'unchecked']).toContain(first?.verdict)
    const ratio = (planted.exposedMatched * planted.unexposedUnmatched) / (planted.exposedUnmatched * planted.unexposedMatched)
    expect(first?.oddsRatio.low).toBeLessThan(ratio)
    expect(first?.oddsRatio.high).toBeGreaterThan(ratio)
    expect(answer.matched).toBe(truth?.confirmed.occurrences)
    // what follows the advertisement and does nothing is told apart from it
    const compared = answer.findings.find(({ family, instead }) => family === 'after price.compared' && !instead)
    expect(compared?.verdict).toBe('explained')
    expect(compared?.confounders).toContain('an ad.shown for the same item came between start and outcome')
    expect(first?.examples.some(({ matched }) => matched)).toBe(true)
    expect(answer.association).toContain('associations')
  })

  it('never uses what the behavior itself is made of', async () => {
    const truth = (await shop.call('demo.truth', {})).find(({ name }) => name === 'changed their mind')
    const { findings, near } = await shop.call('why.ask', { text: truth?.behavior, knowledge: nothingElse })
    for (const { family } of [...findings, ...near]) expect(['after cart.remove', 'after purchase']).not.toContain(family)
  })

  it('asks about an absence: what distinguishes checkouts that were abandoned', async () => {
    const text = 'sequence "abandoned" by user, cart\n  start: checkout.started\n  without payment.succeeded for 30m after start\n  until cart.deleted\n'
    const answer = await shop.call('why.ask', { text, knowledge: nothingElse })
    expect(answer.matched).toBeGreaterThan(10)
    expect(answer.chances).toBeGreaterThan(answer.matched + 10)
    for (const { family } of answer.findings) expect(family).not.toBe('after payment.succeeded')
  })

  it('says what is different in a region', async () => {
    const { first, last } = await shop.call('workspace.info', {})
    if (first === undefined || last === undefined) throw new Error('there are events')
    const answer = await shop.call('why.different', { region: { from: (first + last) / 2n, to: last, types: ['cart.remove'] }, knowledge: nothingElse })
    expect(answer.chances).toBeGreaterThan(answer.matched)
    // whoever takes something out has put something in
    expect(answer.findings.map(({ family }) => family)).toContain('before cart.add')
  })

  it('refuses what cannot be compared, and says why', async () => {
    const ask = (text: string): Promise<WhyAnswer> => shop.call('why.ask', { text, knowledge: nothingElse })
    await expect(ask('sequence "every view" by user\n  page.view\n')).rejects.toThrow(/10 that did not are needed/)
    await expect(ask('sequence "nightly" by service, code\n  error.raised\nevery 24h ± 15m at least 5 times\n')).rejects.toThrow(/recurs/)
    await expect(shop.call('why.ask', { name: 'nobody knows', knowledge: nothingElse })).rejects.toThrow(/no behavior named "nobody knows"/)
    const truth = (await shop.call('demo.truth', {})).find(({ name }) => name === 'changed their mind')
    await expect(shop.call('why.ask', { text: truth?.behavior, knowledge: { context: [], country: 'XX' } })).rejects.toThrow(/holidays of XX/)
    await expect(shop.call('why.ask', { text: truth?.behavior, knowledge: { context: [], zone: 'Mars/Olympus' } })).rejects.toThrow(/no time zone/)
    await expect(shop.call('why.ask', { text: truth?.behavior, knowledge: { context: [{ path: 'nowhere.csv', attribute: 'nothing' }] } })).rejects.toThrow(/No attribute nothing/)
  })
})

describe('why, on events whose reasons lie elsewhere', () => {
  let folder = ''
  let events: TestWorkspace
  const text = 'sequence "sent back" by user, order\n  bought: order.placed\n  then returned: order.returned within 10d\n'
  const users = 400
  const birthday = (user: number): string => new Date(Date.UTC(1990, 0, 1 + (user % 365))).toISOString().slice(0, 10)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undercurrent-why-'))
    const rows = ['time,type,user,order,item']
    let order = 0
    for (let user = 0; user < users; user++) {
      for (let one = 0; one < 3; one++) {
        const item = order % 12
        // all at one hour: else the hour would tell a birthday as well as the date does
        const day = Date.UTC(2026, 0, 1, 12) + Math.floor(Math.random() * 300) * 86_400_000
        // half of the orders come on the birthday: these, and items of one brand, are sent back more often
        const isBirthday = one === 0 && Math.random() < 0.6
        const at = isBirthday ? Date.parse(`2026-${birthday(user).slice(5)}T12:00:00Z`) : day
        const odds = 0.1 * (isBirthday ? 8 : 1) * (item % 4 === 0 ? 6 : 1)
        rows.push(`${new Date(at).toISOString()},order.placed,u${user},o${order},i${item}`)
        if (Math.random() < odds / (1 + odds)) rows.push(`${new Date(at + 3 * 86_400_000).toISOString()},order.returned,u${user},o${order},i${item}`)
        order++
      }
    }
    rows.push(`${new Date(Date.UTC(2027, 0, 30)).toISOString()},heartbeat,u0,,`)
    writeFileSync(join(folder, 'orders.csv'), `${rows.join('\n')}\n`)
    writeFileSync(join(folder, 'items.csv'), `item,brand,weight\n${Array.from({ length: 12 }, (_, item) => `i${item},${['Alba', 'Bruma', 'Corvo', 'Delta'][item % 4] ?? ''},${item}`).join('\n')}\n`)
    writeFileSync(join(folder, 'birthdays.csv'), `user,date\n${Array.from({ length: users }, (_, user) => `u${user},${birthday(user)}`).join('\n')}\n`)
    events = await TestWorkspace.open()
    await events.import({ path: join(folder, 'orders.csv'), file: {}, force: false, mapping: { key: 'user', type: 'type', time: 'time', attributes: [{ name: 'order', path: 'order', type: 'text' }, { name: 'item', path: 'item', type: 'text' }] } })
  }, 60_000)
  afterAll(async () => {
    await events.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  it('finds a brand in a joined table and a birthday in a file of days', async () => {
    const answer = await events.call('why.ask', { text, knowledge: { context: [{ path: join(folder, 'items.csv'), attribute: 'item' }], dates: join(folder, 'birthdays.csv') } })
    const held = answer.findings.filter(({ verdict }) => verdict === 'holds').map(({ phrase }) => phrase)
    expect(held).toContain('brand is Alba')
    expect(held.some((phrase) => phrase.includes("the user's own date"))).toBe(true)
    expect(answer.notes.join(' ')).toContain('12 of 12 different values of item stand in items.csv')
  })

  it('finds no brand without the table', async () => {
    const answer = await events.call('why.ask', { text, knowledge: nothingElse })
    expect(answer.findings.map(({ family }) => family)).not.toContain('brand')
  })

  it('says what is wrong with a table', async () => {
    const joined = (path: string, column?: string): Promise<WhyAnswer> => events.call('why.ask', { text, knowledge: { context: [{ path, attribute: 'item', ...(column === undefined ? {} : { column }) }] } })
    await expect(joined(join(folder, 'missing.csv'))).rejects.toThrow(/cannot be read/)
    await expect(joined(join(folder, 'items.csv'), 'sku')).rejects.toThrow(/has no column sku/)
    await expect(events.call('why.ask', { text, knowledge: { context: [], dates: join(folder, 'items.csv') } })).rejects.toThrow(/has no column date/)
  })
})

describe.skipIf(!existsSync(rees46))('why, on REES46 (skipped where the data set is absent)', () => {
  it('compares carts that were emptied with the others, and with those that were bought', async () => {
    const shop = await TestWorkspace.open()
    try {
      await shop.import({ path: join(rees46, 'events.csv'), file: {}, force: false })
      const text = `sequence "emptied" by user, product_id
  added: cart
  then removed: remove_from_cart

sequence "bought" by user, product_id
  added: cart
  then bought: purchase
`
      const knowledge = { context: [{ path: join(rees46, 'items.csv'), attribute: 'product_id' }] }
      const answer = await shop.call('why.ask', { text, name: 'emptied', knowledge })
      expect(answer.chances).toBeGreaterThan(1000)
      expect(answer.findings.map(({ phrase }) => phrase)).toContain('a remove_from_cart had come within 5 minutes before the start')
      expect(answer.notes.join(' ')).toMatch(/(\d+) of \1 different values of product_id stand in items.csv/)
      const rather = await shop.call('why.ask', { text, name: 'emptied', against: 'bought', knowledge })
      expect(rather.chances).toBeLessThan(answer.chances)
      expect(rather.unit).toContain('that led to "emptied" or to "bought"')
    } finally {
      await shop.remove()
    }
  }, 60_000)
})
