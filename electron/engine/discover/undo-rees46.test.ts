import { expect, test } from 'vitest'
import { rees46 } from '../../../e2e/specs/clicks.ts'
import { TestWorkspace } from '../../../e2e/specs/workspace.ts'

test.skipIf(!rees46.available)('finds in the REES46 clickstream that 207 pairs of user and product were taken out of the cart, and no step of the funnel', async () => {
  const workspace = await TestWorkspace.open()
  try {
    const attributes = ['product_id', 'user_session'].map((name) => ({ name, path: name, type: 'text' as const }))
    const { source } = await workspace.call('file.import', { path: rees46.available ? rees46.file : '', file: {}, force: false, mapping: { key: 'user_id', type: 'event_type', time: 'event_time', attributes } })
    await workspace.call('tail.finished', { source })
    const { undos } = await workspace.call('discover.undo', { limit: 50 })
    expect(undos).toHaveLength(1)
    expect(undos[0]).toMatchObject({ attribute: 'product_id', first: 'cart', undo: 'remove_from_cart', undone: 207 })
    const [detected] = await workspace.call('behaviors.detect', { text: undos[0]?.behavior ?? '', limit: 1000 })
    expect(new Set(detected?.matches.map(({ key }) => JSON.stringify(key))).size).toBe(207)
  } finally {
    await workspace.remove()
  }
}, 60_000)
