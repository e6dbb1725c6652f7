import { expect, it } from 'vitest'
import type { Client } from '../../shared/contract/client.ts'
import { nearestUsers } from './nearest-users.ts'

/** An engine whose workspace has these users, the most active first. */
function clientOf(...keys: readonly string[]): Client {
  const call = (_: string, { text, limit }: { readonly text: string; readonly limit: number }) =>
    Promise.resolve({ users: keys.filter((key) => key.toLowerCase().includes(text.toLowerCase())).slice(0, limit).map((key) => ({ key, events: 1, first: 0n, last: 0n })), total: keys.length })
  return { call } as unknown as Client
}

it('finds users that contain the name', async () => {
  expect(await nearestUsers(clientOf('user-12', 'user-2', 'ann'), 'ser-')).toEqual({ users: ['user-12', 'user-2'], exact: true })
})

it('finds only the user itself where there is one', async () => {
  expect(await nearestUsers(clientOf('user-12', 'user-1'), 'user-1')).toEqual({ users: ['user-1'], exact: true })
})

it('finds users that share the longest beginning of a misspelled name', async () => {
  expect(await nearestUsers(clientOf('alice', 'alina', 'bob'), 'alicce')).toEqual({ users: ['alice'], exact: false })
  expect(await nearestUsers(clientOf('alice', 'alina', 'bob'), 'alix')).toEqual({ users: ['alice', 'alina'], exact: false })
})

it('finds nobody where nothing fits', async () => {
  expect(await nearestUsers(clientOf('alice'), 'xyz')).toEqual({ users: [], exact: false })
  expect(await nearestUsers(clientOf(), 'a')).toEqual({ users: [], exact: false })
})
