import { setImmediate } from 'node:timers/promises'
import { nearest } from '../../../shared/behavior/nearest.ts'
import { columnsOf } from '../../../shared/discover/paths/columns.ts'
import { pathBehavior } from '../../../shared/discover/paths/path-behavior.ts'
import { variantsOf } from '../../../shared/discover/paths/variants.ts'
import { Walks } from '../../../shared/discover/paths/walks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { PathQuestion, Paths } from '../../../shared/model/discovery.ts'
import { rows } from '../store/database.ts'
import { countWanted, readColumnsOn, storedFields, type StoredField } from '../store/read-columns.ts'
import { commonestEnd } from './commonest-end.ts'
import type { Asked } from './discover.ts'
import { inRange } from './recurring-series.ts'

/** What share of the work it is to read the events, as far as progress is concerned. */
const reading = 0.8
/** The user of an event, whatever attributes are called. */
const user: StoredField = { path: 'key', column: 'e.key', type: 'key' }

/**
 * What came behind the first event of a type, or before the last one, for every user or session that has one.
 *
 * @throws AppError NOT_FOUND where there is no such type, with the one that was probably meant; BAD_REQUEST; CANCELLED
 */
export async function discoverPaths({ store, signal, progress }: Asked, question: PathQuestion): Promise<Paths> {
  const { direction, steps, collapse, unit, sessionGap, top, expanded, hidden } = question
  if (question.type !== undefined && hidden.includes(question.type)) throw new AppError('BAD_REQUEST', `“${question.type}” is what was asked about and cannot be hidden.`, { hint: 'Show it, or ask about another type.' })
  const attributes = await storedFields(store.database, signal)
  return store.database.read(async (connection) => {
    const stored = await rows(connection, 'SELECT type, code FROM types ORDER BY code')
    const types = stored.map((row) => row['type'] as string)
    const codeOf = new Map(types.map((name, code) => [name, code]))
    const known = (name: string): number => codeOf.get(name) ?? unknownType(name, types)
    const hiddenCodes = hidden.map((name) => (stored[known(name)] as (typeof stored)[number])['code'] as number)
    const type = question.type ?? (await commonestEnd(connection, inRange(question), direction, hiddenCodes))
    if (type === undefined) return { population: 0, users: 0, columns: [], links: [], variants: [], distinct: 0, notes: ['There are no events here.'] }
    const anchor = known(type)
    const walks = new Walks({ anchor, direction, sessionGap: unit === 'session' ? Number(sessionGap) : undefined, steps, hidden: new Set(hidden.map(known)), collapse })
    const request = { by: [user], types: undefined, fields: [], only: inRange(question) }
    const total = await countWanted(connection, request)
    let read = 0
    for await (const part of readColumnsOn(connection, request)) {
      if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
      walks.add(part)
      read += part.length
      progress((reading * read) / Math.max(total, read))
      // between two parts others have their turn, and cancelling is noticed
      await setImmediate()
    }
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    const { columns, links } = columnsOf(walks, { anchor, steps, top, expanded: new Set(expanded.map(known)) })
    const { variants, distinct } = variantsOf(walks, steps, question.variants)
    progress(1)
    const nameOf = (code: number): string => types[code] as string
    const field = attributes.get('user')?.type === 'key' ? 'user' : 'key'
    return {
      population: walks.count,
      users: walks.userCount,
      columns: columns.map((nodes) => nodes.map(({ type: code, ...node }) => ({ ...node, ...(code === undefined ? {} : { type: nameOf(code) }) }))),
      links: [...links],
      variants: variants.map(({ types: codes, ...variant }) => {
        const way = [type, ...codes.map(nameOf)]
        return { types: way, ...variant, share: variant.units / walks.count, behavior: pathBehavior(way, question, field) }
      }),
      distinct,
      notes: [
        ...(question.type === undefined ? [`“${type}” is what most users ${direction === 'from' ? 'begin' : 'end'} with.`] : []),
        ...(walks.count === 0 ? [`No ${unit} has an event of the type “${type}” here.`] : []),
      ],
    }
  }, signal)
}

function unknownType(name: string, types: readonly string[]): never {
  const meant = nearest(name, types)
  throw new AppError('NOT_FOUND', `There are no events of the type “${name}”.`, {
    hint: meant !== undefined ? `Did you mean “${meant}”?` : types.length === 0 ? 'There are no events yet.' : `The types are ${types.slice(0, 12).map((one) => `“${one}”`).join(', ')}${types.length > 12 ? ` and ${types.length - 12} more` : ''}.`,
  })
}
