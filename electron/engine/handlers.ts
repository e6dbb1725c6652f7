import { AppError } from '../../shared/errors.ts'
import { parseSnippet } from '../../shared/connection/parse-snippet.ts'
import type { CallHandlers } from '../../shared/contract/service.ts'
import { explainJson } from './decode/why-not-json.ts'
import type { SavedBehaviors } from './behaviors/saved.ts'
import type { Keeper } from './keeper.ts'
import type { DemoRun } from './runs/demo-run.ts'
import type { FileImports } from './runs/file-imports.ts'
import type { KafkaTails } from './runs/kafka-tails.ts'
import type { Redecoding } from './runs/redecoding.ts'
import type { Runs } from './runs/runs.ts'
import type { Secrets } from './secrets.ts'
import { diagnose } from './sources/kafka/diagnose.ts'
import { topicStats } from './sources/kafka/topic-stats.ts'
import { listTopics } from './sources/kafka/topics.ts'
import { previewMapping } from './store/preview.ts'
import { listDeadLetters, summarizeDeadLetters } from './store/read-dead-letters.ts'
import { readEvent, readRelated } from './store/read-event.ts'
import { listTypes, listUsers } from './store/read-users.ts'
import { readInfo, readSources } from './store/read-workspace.ts'
import type { StoredSource } from './store/sources.ts'
import type { Store } from './store/store.ts'
import type { Reports } from './reports/reports.ts'
import type { Questions } from './why/questions.ts'
import type { Discover } from './discover/discover.ts'

interface Parts {
  readonly store: Store
  readonly secrets: Secrets
  readonly runs: Runs
  readonly tails: KafkaTails
  readonly files: FileImports
  readonly demo: DemoRun
  readonly keeper: Keeper
  readonly redecoding: Redecoding
  readonly saved: SavedBehaviors
  readonly questions: Questions
  readonly discover: Discover
  readonly reports: Reports
}

/** The engine's answer to every call of the contract. */
export function createHandlers({ store, secrets, runs, tails, files, demo, keeper, redecoding, saved, questions, discover, reports }: Parts): CallHandlers<AbortSignal> {
  const { database } = store
  const named = (name: string): StoredSource => {
    const source = store.findSource(name)
    if (source === undefined) throw new AppError('NOT_FOUND', `This workspace has no source named ${name}.`)
    return source
  }
  return {
    'workspace.info': (_, signal) => database.read((connection) => readInfo(database, connection), signal),
    'sources.list': (_, signal) => database.read((connection) => readSources(connection, store.listSources()), signal),

    'connection.parse': ({ text }) => {
      const parsed = parseSnippet(text)
      if (!parsed.ok) throw new AppError(parsed.error.code, parsed.error.message, parsed.error.hint === undefined ? {} : { hint: parsed.error.hint })
      return Promise.resolve(parsed.value)
    },
    'connection.diagnose': ({ connection, topic }, signal) => diagnose(connection, { ...(topic === undefined ? {} : { topic }), signal }),
    'topics.list': ({ connection }, signal) => listTopics(connection, signal),
    'topic.sample': ({ connection, topic, count }) => tails.sample(connection, topic, count),
    'file.sample': ({ path, file, count }) => files.sample(path, file, count),

    'source.sample': ({ source, count }) => redecoding.sample(named(source), count),
    'mapping.preview': ({ records, mapping, topic }) => previewMapping(database, records, mapping, topic),
    'topic.stats': ({ connection, topic }) => topicStats(connection, topic),

    'tail.start': async (input) => ({ sources: await tails.start(input) }),
    'tail.again': async ({ source }) => {
      await tails.again(named(source))
      return {}
    },
    'secrets.status': () => secrets.status(),
    'tail.stop': async ({ source }) => {
      await runs.get(source).stop()
      return {}
    },
    'tail.pause': ({ source }) => {
      runs.get(source).pause()
      return Promise.resolve({})
    },
    'tail.resume': ({ source }) => {
      runs.get(source).resume()
      return Promise.resolve({})
    },
    'tail.finished': async ({ source }) => {
      await runs.get(source).finished
      return {}
    },
    'pipeline.state': () => Promise.resolve({ sources: runs.snapshots() }),

    'file.import': async (input, signal) => ({ source: await files.start(input, signal) }),
    'demo.start': async (input) => ({ source: await demo.start(input) }),
    'demo.truth': () => demo.truth(),

    'mapping.change': ({ source, mapping, format, registry }, signal) => {
      const stored = named(source)
      return redecoding.changeMapping(stored, { mapping, format: format ?? stored.format }, registry, signal)
    },

    'users.list': (input, signal) => database.read((connection) => listUsers(connection, input), signal),
    'types.list': (_, signal) => database.read((connection) => listTypes(connection), signal),
    'event.get': ({ source, position }, signal) => database.read((connection) => readEvent(connection, named(source), position), signal),
    'event.related': ({ source, position, limit }, signal) => database.read((connection) => readRelated(connection, named(source), position, limit), signal),

    ...saved.handlers(),
    ...questions.handlers(),
    ...discover.handlers(),
    ...reports.handlers(),

    'deadLetters.list': async (input, signal) => {
      const { letters, total } = await database.read((connection) => listDeadLetters(connection, input), signal)
      // where a payload stops being JSON is found out when somebody looks, not for every broken record that arrives
      return { total, letters: letters.map((letter) => (letter.schema === undefined && (letter.reason === 'not_json' || letter.reason === 'not_utf8') && letter.payload !== undefined ? { ...letter, ...explainJson(Buffer.from(letter.payload)) } : letter)) }
    },
    'deadLetters.summary': (_, signal) => database.read((connection) => summarizeDeadLetters(connection), signal),
    'deadLetters.retry': ({ source, registry }) => redecoding.retry(named(source), registry),

    'retention.get': () => keeper.retention(),
    'retention.set': async (retention) => ({ removed: await keeper.change(retention) }),
  }
}
