import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { findMissing } from './find-missing.ts'
import { fromFile, fromLink, isViewFile, namedIn, placeView, toFile, toLink, type SharedView } from './shared-view.ts'

const routes = ['/live', '/timelines', '/sql']
const view: SharedView = { route: '/timelines', search: { user: '00042', from: 1_700_000_000_000, types: ['cart.add', '"quoted"'], deep: { a: [1, null, true] } }, sources: [{ name: 'shop', topic: 'clicks' }] }
const thrown = (work: () => unknown): AppError => {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a shared view', () => {
  it('is the same after a link and after a file', () => {
    expect(fromFile(toFile(view), routes)).toEqual(view)
    expect(fromLink(toLink(view), routes)).toEqual({ ...view, sources: [] })
    expect(fromLink(toLink({ route: '/live', search: {}, sources: [] }), routes)).toEqual({ route: '/live', search: {}, sources: [] })
  })

  it('keeps whatever texts and numbers a screen looks at', () => {
    const key = fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/).filter((name) => name !== 'constructor' && name !== 'prototype')
    const value = fc.oneof(fc.string({ unit: 'grapheme' }).filter((text) => text !== ''), fc.integer(), fc.boolean(), fc.array(fc.string(), { minLength: 1 }))
    fc.assert(fc.property(fc.dictionary(key, value), (search) => {
      const plain = { ...search }
      expect(fromFile(toFile({ ...view, search: plain }), routes).search).toEqual(plain)
      expect(fromLink(toLink({ ...view, search: plain }), routes).search).toEqual(plain)
    }))
  })

  it('holds neither host nor token, whatever the address of a browser holds', () => {
    const given = fromLink('http://127.0.0.1:4711/?token=s3cret#/live?from=5', routes)
    expect(given).toEqual({ route: '/live', search: { from: 5 }, sources: [] })
    expect(toLink(given)).toBe('undercurrent:/live?from=5')
  })

  it.each(['', 'live', 'javascript:alert(1)', 'undercurrent:', 'undercurrent:live', 'undercurrent://evil/live', 'undercurrent:/../live', 'undercurrent:/connect?file=/etc/passwd', 'undercurrent:/start', 'https://evil.example/', 'https://evil.example/#/nowhere', 'data:text/html,#/live', `undercurrent:/live?q=${'x'.repeat(1_000_001)}`])('refuses the link %.60s', (link) => {
    expect(thrown(() => fromLink(link, routes)).code).toBe('BAD_REQUEST')
  })

  const file = { format: 'undercurrent-view', version: 1, route: '/live', search: {}, sources: [] }
  it.each([
    ['no JSON', '<script>', 'no view'],
    ['null', 'null', 'no view'],
    ['another JSON', '{"a":1}', 'no view'],
    ['a newer format', JSON.stringify({ ...file, version: 2 }), 'newer version'],
    ['a search that is a list', JSON.stringify({ ...file, search: [] }), 'not whole'],
    ['sources that are texts', JSON.stringify({ ...file, sources: ['x'] }), 'not whole'],
    ['a screen that takes files', JSON.stringify({ ...file, route: '/connect', search: { file: '/etc/passwd' } }), 'not here'],
    ['a place of another site', JSON.stringify({ ...file, route: '//evil.example' }), 'not here'],
    ['too much', JSON.stringify({ ...file, search: { q: 'x'.repeat(1_000_001) } }), 'too large'],
  ])('refuses a file with %s', (_, text, said) => {
    expect(thrown(() => fromFile(text, routes)).message).toContain(said)
  })

  it('takes no names into the search that mean something to the language', () => {
    const { search } = fromFile('{"format":"undercurrent-view","version":1,"route":"/live","search":{"__proto__":{"polluted":true},"constructor":1,"from":3},"sources":[]}', routes)
    expect(Object.entries(search)).toEqual([['from', 3]])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.entries(fromLink('/live?__proto__={"polluted":true}&from=3', routes).search)).toEqual([['from', 3]])
  })

  it('shows the sources of the same topic, whatever they are called here, and says which are not here', () => {
    const shared: SharedView = { route: '/live', search: { sources: ['shop', 'bank'], from: 3 }, sources: [{ name: 'shop', topic: 'clicks' }, { name: 'bank', topic: 'payments' }, { name: 'mail', topic: 'mails' }] }
    const { view: placed, missing } = placeView(shared, [{ name: 'my shop', topic: 'clicks' }, { name: 'shop', topic: 'orders' }])
    expect(placed.search).toEqual({ sources: ['my shop', 'bank'], from: 3 })
    expect(missing).toEqual(['payments'])
    expect(placeView({ ...shared, search: {} }, [{ name: 'shop', topic: 'clicks' }]).missing).toEqual(['payments', 'mails'])
    // a link names no topics
    expect(placeView({ ...shared, sources: [] }, [{ name: 'shop', topic: 'clicks' }])).toMatchObject({ view: { search: { sources: ['shop', 'bank'] } }, missing: ['bank'] })
    expect(placeView({ ...shared, search: { sources: 'nonsense' }, sources: [] }, []).missing).toEqual([])
  })

  it('names the users and behaviors that it is of, but for those that it brings with it', () => {
    const named = (route: string, search: Record<string, unknown>): unknown => namedIn({ route, search, sources: [] })
    expect(named('/timelines', { user: 'u1', pins: ['u2', 'u1', 3] })).toEqual({ users: ['u1', 'u2'], behaviors: [] })
    expect(named('/live', { user: 'u1', behavior: 'left' })).toEqual({ users: [], behaviors: [] })
    expect(named('/behaviors', { behavior: 'left' })).toEqual({ users: [], behaviors: ['left'] })
    expect(named('/behaviors', { behavior: 'left', draft: 'sequence "left"' })).toEqual({ users: [], behaviors: [] })
    expect(named('/why', { behavior: 'left', against: 'stayed' })).toEqual({ users: [], behaviors: ['left', 'stayed'] })
    expect(named('/reports', { of: ['left', 'left'] })).toEqual({ users: [], behaviors: ['left'] })
    expect(named('/reports', { of: ['left'], text: 'sequence "left"' })).toEqual({ users: [], behaviors: [] })
  })

  it('says which of them are not here, and nothing where it cannot know', async () => {
    const users = (key: string): { readonly key: string } => ({ key })
    const client = (total: number): Parameters<typeof findMissing>[0] => ({ call: ((name: string) => Promise.resolve(name === 'behaviors.list' ? [{ name: 'left' }] : { users: [users('u1'), users('u12')], total })) as never })
    const timelines = { route: '/timelines', search: { user: 'u1', pins: ['u', 'u12'] }, sources: [] }
    expect(await findMissing(client(2), timelines)).toEqual({ users: ['u'], behaviors: [] })
    expect(await findMissing(client(100_000), timelines)).toEqual({ users: [], behaviors: [] })
    expect(await findMissing(client(2), { route: '/why', search: { behavior: 'left', against: 'stayed' }, sources: [] })).toEqual({ users: [], behaviors: ['stayed'] })
  })

  it('is known by the name of its file', () => {
    expect(['live.undercurrent-view.json', 'live.undercurrent-view (1).json', 'A.UNDERCURRENT-VIEW.JSON'].every(isViewFile)).toBe(true)
    expect(['live.json', 'undercurrent-view.json.csv', 'events.ndjson'].some(isViewFile)).toBe(false)
  })
})
