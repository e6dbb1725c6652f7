import { matchRowsSql, savedMatches } from '../store/matches.ts'
import { readStream } from '../store/read-events.ts'
import { runOf } from '../store/saved-behaviors.ts'
import type { Store } from '../store/store.ts'
import type { Behaviors } from './behaviors.ts'
import type { SavedBehaviors } from './saved.ts'

/** The stream `behaviors.all`: every match of one saved behavior, or of the behaviors of a text one after the other. */
export async function* allMatches(store: Store, behaviors: Behaviors, saved: SavedBehaviors, asked: { readonly text: string } | { readonly name: string }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if ('name' in asked) {
    const { name } = saved.find(asked.name)
    yield* readStream(store.database, signal, async (connection) => ({ sql: matchRowsSql(savedMatches, await runOf(connection, name)), values: [name] }))
    return
  }
  const definitions = saved.definitions()
  const all = await behaviors.read(asked.text, signal, definitions)
  const question = await behaviors.ask(signal)
  try {
    for (const behavior of all) {
      await question.find(behavior, [...all, ...definitions])
      yield* question.rows(behavior.name)
    }
  } finally {
    await question.close()
  }
}
