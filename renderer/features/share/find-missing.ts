import type { Client } from '../../../shared/contract/client.ts'
import { namedIn, type SharedView } from './shared-view.ts'

/** A few users are asked for one by one. */
const mostUsers = 10
/** So many users whose keys contain a key are looked through; beyond that nothing is said. */
const mostAlike = 1000

/** The users and behaviors that a view names and this workspace does not have. */
export async function findMissing(client: Pick<Client, 'call'>, view: SharedView): Promise<ReturnType<typeof namedIn>> {
  const named = namedIn(view)
  const kept = named.behaviors.length === 0 ? [] : (await client.call('behaviors.list', {})).map(({ name }) => name)
  const isThere = async (user: string): Promise<boolean> => {
    const { users, total } = await client.call('users.list', { text: user.slice(0, 1000), sort: 'key', descending: false, limit: mostAlike, offset: 0 })
    return total > mostAlike || users.some(({ key }) => key === user)
  }
  const asked = named.users.slice(0, mostUsers)
  const there = await Promise.all(asked.map(isThere))
  return { users: asked.filter((_, index) => there[index] === false), behaviors: named.behaviors.filter((name) => !kept.includes(name)) }
}
