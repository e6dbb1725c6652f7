import type { EventName, EventValue } from '../../shared/contract/events.ts'
import type { CallHandlers, Service, StreamHandlers } from '../../shared/contract/service.ts'
import { allMatches } from './behaviors/all-matches.ts'
import { Behaviors } from './behaviors/behaviors.ts'
import { Live } from './behaviors/live.ts'
import { SavedBehaviors } from './behaviors/saved.ts'
import { createHandlers } from './handlers.ts'
import { Keeper } from './keeper.ts'
import { chromiumPrinter, type Printer } from './reports/printer.ts'
import { Reports } from './reports/reports.ts'
import { DemoRun } from './runs/demo-run.ts'
import { FileImports } from './runs/file-imports.ts'
import { KafkaTails } from './runs/kafka-tails.ts'
import { Redecoding } from './runs/redecoding.ts'
import { RememberedConnections } from './runs/remembered-connection.ts'
import { Runs } from './runs/runs.ts'
import { noSecrets, type Secrets } from './secrets.ts'
import { readTimeline, readSlice, readVolume } from './store/read-events.ts'
import { readSequences } from './store/read-sequences.ts'
import { Store } from './store/store.ts'
import { Discover } from './discover/discover.ts'
import { Questions } from './why/questions.ts'

/** An engine on one workspace, ready to be served over any port. */
export interface Engine extends Service<AbortSignal> {
  /** Stops what runs and closes the workspace. What has been read and not stored yet will be read again. */
  close(): Promise<void>
}

const nowhere = noSecrets('only the desktop app can reach the keyring of the system.')

type Listener = <N extends EventName>(name: N, value: EventValue<N>) => void

/**
 * Opens a workspace, creating it where there is none.
 *
 * @param options.secrets where passwords are remembered; nowhere, unless the host has a place for them
 * @param options.printer makes PDFs; the Chromium of the machine, unless the host can
 * @throws AppError WORKSPACE_LOCKED when another process has it open, WORKSPACE_NEWER, WORKSPACE_UNUSABLE
 */
export async function openEngine({ workspace, secrets = nowhere, printer = chromiumPrinter }: { readonly workspace: string; readonly secrets?: Secrets; readonly printer?: Printer }): Promise<Engine> {
  const store = await Store.open(workspace)
  const listeners = new Set<Listener>()
  const emit: Listener = (name, value) => {
    for (const listener of listeners) listener(name, value)
  }
  const runs = new Runs(store, emit)
  const keeper = new Keeper(workspace, store, emit)
  const redecoding = new Redecoding(store, runs, emit)
  const tails = new KafkaTails(store, runs, redecoding, new RememberedConnections(secrets))
  const files = new FileImports(store, runs)
  const demo = new DemoRun(workspace, store, runs)
  const isRunning = (source: string): boolean => runs.isRunning(source)
  const behaviors = new Behaviors(store, isRunning)
  const live = new Live(store, isRunning, emit)
  const saved = new SavedBehaviors(store, behaviors, live, emit)
  try {
    await keeper.start()
    await live.start()
  } catch (error) {
    keeper.stop()
    await store.close()
    throw error
  }
  // a source that has ended holds the watermark back no more
  runs.onEnded(() => live.poke())

  const calls: CallHandlers<AbortSignal> = createHandlers({ store, secrets, runs, tails, files, demo, keeper, redecoding, saved, questions: new Questions(store, behaviors, saved, emit), discover: new Discover(store, behaviors, emit), reports: new Reports(workspace, store, behaviors, emit, printer) })
  const streams: StreamHandlers<AbortSignal> = {
    'timeline.events': (input, signal) => readTimeline(store.database, input, signal),
    'events.slice': (input, signal) => readSlice(store.database, input, signal),
    'events.volume': (input, signal) => readVolume(store.database, input, signal),
    'sequences.slice': (input, signal) => readSequences(store.database, input, signal),
    'behaviors.all': (input, signal) => allMatches(store, behaviors, saved, input, signal),
  }
  return {
    calls,
    streams,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      keeper.stop()
      redecoding.stop()
      // first: that sources end because the workspace is closed must not confirm anything
      await live.stop()
      await runs.stop()
      behaviors.close()
      await store.close()
    },
  }
}
