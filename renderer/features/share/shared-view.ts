import { defaultParseSearch, defaultStringifySearch } from '@tanstack/react-router'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { largestView, viewScheme } from '../../../shared/model/view-file.ts'

/** What a screen looks at: a place in the app, without whose app it is. */
export interface SharedView {
  /** A screen, such as `/live`. */
  readonly route: string
  /** What the URL says behind it: time range, filters, selection. Each screen takes of it what makes sense to it. */
  readonly search: Readonly<Record<string, unknown>>
  /** What it looks at, by names that are the same elsewhere. Empty where they are not known, as in a link. */
  readonly sources: readonly { readonly name: string; readonly topic: string }[]
}

export { isViewFile, largestView } from '../../../shared/model/view-file.ts'

const ViewFile = z.object({
  format: z.literal('undercurrent-view'),
  version: z.literal(1),
  route: z.string().max(100),
  search: z.record(z.string().max(100), z.json()),
  sources: z.array(z.object({ name: z.string().max(1000), topic: z.string().max(1000) })).max(1000),
})

const wrongFile = { hint: 'Choose a file that ends with .undercurrent-view.json, as “Share this view” saves it.' }

/** What the file of a view is called. */
export const viewFileName = ({ route }: SharedView): string => `${route.slice(1)}.undercurrent-view.json`

/** A view as a link: no host, no token, no workspace. */
export function toLink({ route, search }: SharedView): string {
  return `${viewScheme}${route}${defaultStringifySearch({ ...search })}`
}

/** A view as a small file, for a mail or a ticket. */
export function toFile({ route, search, sources }: SharedView): string {
  return `${JSON.stringify({ format: 'undercurrent-view', version: 1, route, search, sources }, null, 2)}\n`
}

/**
 * The view of a file.
 *
 * @param routes the screens that a view may be of
 * @throws AppError BAD_REQUEST when it is none, or of a screen that there is not
 */
export function fromFile(text: string, routes: readonly string[]): SharedView {
  if (text.length > largestView) throw new AppError('BAD_REQUEST', 'This file is too large to be a view.', wrongFile)
  const json = toJson(text)
  const told = z.object({ format: z.literal('undercurrent-view'), version: z.number() }).safeParse(json)
  if (!told.success) throw new AppError('BAD_REQUEST', 'This file is no view of Undercurrent.', wrongFile)
  if (told.data.version !== 1) throw new AppError('BAD_REQUEST', `This view was saved by a newer version of Undercurrent (format ${told.data.version}).`, { hint: 'Update Undercurrent, or ask for a link instead.' })
  const parsed = ViewFile.safeParse(json)
  if (!parsed.success) throw new AppError('BAD_REQUEST', 'This view is not whole.', { hint: `Ask for it again: ${parsed.error.issues[0]?.path.join('.') ?? 'it'} is not what it should be.` })
  const { route, search, sources } = parsed.data
  return { route: known(route, routes), search: plain(search), sources }
}

/**
 * The view of a link: as this app writes it, or as it stands in the address of a browser, of which only what is behind
 * the `#` counts.
 *
 * @throws AppError BAD_REQUEST when it leads to no screen
 */
export function fromLink(text: string, routes: readonly string[]): SharedView {
  const link = text.trim()
  if (link.length > largestView) throw new AppError('BAD_REQUEST', 'This is too long to be the link of a view.')
  const place = link.startsWith(viewScheme) ? link.slice(viewScheme.length) : link.startsWith('/') ? link : /^[a-z]+:\/\/[^#]*#(\/.*)$/is.exec(link)?.[1]
  if (place === undefined) throw new AppError('BAD_REQUEST', 'This is no link of a view.', { hint: `It begins with ${viewScheme}/ or is the address of Undercurrent in a browser.` })
  const at = place.indexOf('?')
  const route = at < 0 ? place : place.slice(0, at)
  return { route: known(route, routes), search: at < 0 ? {} : plain(toSearch(place.slice(at))), sources: [] }
}

/**
 * A view as this workspace can show it: the sources it names are those of the same topic here, whatever they are called.
 *
 * @returns also what is not here, by its name
 */
export function placeView(view: SharedView, here: SharedView['sources']): { readonly view: SharedView; readonly missing: readonly string[] } {
  const nameHere = (name: string): string | undefined => {
    const topic = view.sources.find((source) => source.name === name)?.topic
    return (here.find((source) => source.name === name && (topic === undefined || source.topic === topic)) ?? here.find((source) => topic !== undefined && source.topic === topic))?.name
  }
  const filter = z.array(z.string()).safeParse(view.search['sources'])
  const asked = filter.success ? filter.data : []
  const shown = asked.length > 0 ? view.sources.filter(({ name }) => asked.includes(name)) : view.sources
  const missing = [...shown.filter(({ topic }) => !here.some((source) => source.topic === topic)).map(({ topic }) => topic), ...asked.filter((name) => nameHere(name) === undefined && !view.sources.some((source) => source.name === name))]
  const search = asked.length === 0 ? view.search : { ...view.search, sources: asked.map((name) => nameHere(name) ?? name) }
  return { view: { ...view, search }, missing: [...new Set(missing)] }
}

function known(route: string, routes: readonly string[]): string {
  if (routes.includes(route)) return route
  throw new AppError('BAD_REQUEST', 'This view is of a screen that is not here.', { hint: `There are ${routes.map((one) => one.slice(1)).join(', ')}. A newer version of Undercurrent may have more.` })
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function toSearch(text: string): Record<string, unknown> {
  try {
    return defaultParseSearch(text)
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'This link is not whole.', { hint: 'Copy it once more, from its beginning to its end.', cause })
  }
}

/** What a view names that a workspace may not have: users by their keys, behaviors that the view does not bring with it. */
export function namedIn({ route, search }: SharedView): { readonly users: readonly string[]; readonly behaviors: readonly string[] } {
  const texts = (...values: readonly unknown[]): readonly string[] => [...new Set(values.flat().flatMap((value) => (typeof value === 'string' && value !== '' ? [value] : [])))]
  const { user, pins, behavior, against, of, draft, text } = search
  return {
    users: route === '/timelines' ? texts(user, pins) : [],
    behaviors: route === '/behaviors' || route === '/why' ? texts(draft === undefined ? behavior : [], against) : route === '/reports' && text === undefined ? texts(of) : [],
  }
}

/** Names with a meaning of their own in the language are no part of any view. */
function plain(search: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([name]) => !['__proto__', 'constructor', 'prototype'].includes(name)))
}
