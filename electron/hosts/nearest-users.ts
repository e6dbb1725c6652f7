import type { Client } from '../../shared/contract/client.ts'

/** Users that a name may have been meant for. */
export interface NearestUsers {
  readonly users: readonly string[]
  /** True when they contain the whole name, false when they share only its beginning. */
  readonly exact: boolean
}

/**
 * Finds the most active users whose key contains a name, or, where there are none, the longest possible beginning of it:
 * most misspellings are behind the first letters.
 */
export async function nearestUsers(client: Client, name: string): Promise<NearestUsers> {
  const containing = async (text: string): Promise<readonly string[]> => (await client.call('users.list', { text, sort: 'activity', descending: true, limit: 6, offset: 0 })).users.map(({ key }) => key)
  const wanted = name.slice(0, 1000)
  const whole = await containing(wanted)
  if (whole.length > 0) return { users: whole.includes(name) ? [name] : whole, exact: true }
  // a key that contains a beginning contains every shorter one as well, so the longest can be halved towards
  let found: readonly string[] = []
  let fits = 0
  let fails = wanted.length
  while (fails - fits > 1) {
    const length = Math.floor((fits + fails) / 2)
    const users = await containing(wanted.slice(0, length))
    if (users.length === 0) fails = length
    else {
      fits = length
      found = users
    }
  }
  return { users: found, exact: false }
}
