import { expect, it } from 'vitest'
import { brokerTime, simpleMapping, TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { transaction } from '../store/database.ts'
import { updateSource } from '../store/sources.ts'
import { Behaviors } from './behaviors.ts'
import type { Question } from './question.ts'

const { signal } = new AbortController()

it('leaves nothing of its moment to a question that comes after the mapping has changed', async () => {
  const opened = await TestStore.open()
  const { store } = opened
  try {
    const source = await opened.addSource()
    const at = new Date(brokerTime / 1000).toISOString()
    await opened.put(source, ['a', 'b'].map((type, offset) => ({ offset, value: { user: 'u', type, at } })))
    const behaviors = new Behaviors(store, () => false)
    const [behavior] = await behaviors.read('sequence "one" by user\n  a', signal)
    const occurrences = async (question: Question): Promise<unknown> => (await question.count(behavior as Behavior, 0))?.detection.occurrences
    const before = await behaviors.ask(signal)
    // the end of a replay, which would wait for the question
    await store.write(async (connection) => {
      await transaction(connection, async () => {
        await connection.run("UPDATE recent SET type = (SELECT code FROM types WHERE type = 'b')")
        await updateSource(connection, { ...source, mapping: { ...simpleMapping, type: "'b'" } })
      })
      await store.reload(connection)
    })
    expect(await occurrences(before)).toBe(1)
    await before.close()
    const after = await behaviors.ask(signal)
    expect(await occurrences(after)).toBe(0)
    await after.close()
    behaviors.close()
  } finally {
    await opened.remove()
  }
})
