/** How many items one call answers with at most (shared/contract/calls.ts). */
const pageSize = 10_000

/** Items `offset` to `offset + limit`, page after page; ends early where there are no more. */
export async function* pages<T>(limit: number, offset: number, read: (page: { readonly limit: number; readonly offset: number }) => Promise<readonly T[]>): AsyncGenerator<readonly T[]> {
  for (let done = 0; done < limit; done += pageSize) {
    const wanted = Math.min(pageSize, limit - done)
    const items = await read({ limit: wanted, offset: offset + done })
    if (items.length > 0) yield items
    if (items.length < wanted) return
  }
}
