import { QueryClient } from '@tanstack/react-query'

/** A text that is equal for equal inputs: keys sorted, bigint kept apart from number. */
export function hashKey(key: readonly unknown[]): string {
  return JSON.stringify(key, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** The cache of answers. The engine is local: it is asked again when something has changed there, not by the clock. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { queryKeyHashFn: hashKey, retry: false, refetchOnWindowFocus: false, staleTime: Number.POSITIVE_INFINITY, structuralSharing: false, networkMode: 'always' },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
