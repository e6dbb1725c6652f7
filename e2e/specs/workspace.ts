import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine, type Engine } from '../../electron/engine/engine.ts'
import type { CallInput, CallName, CallOutput } from '../../shared/contract/calls.ts'
import { calls } from '../../shared/contract/calls.ts'
import type { EventValue } from '../../shared/contract/events.ts'
import { readEvents, type StreamedEvent } from './streamed-events.ts'

/** An engine on a workspace of its own, spoken to through the contract. */
export class TestWorkspace {
  readonly folder: string
  /** Every `source.changed` so far. */
  readonly changes: EventValue<'source.changed'>[] = []
  /** Every `pipeline.progress` so far. */
  readonly progress: EventValue<'pipeline.progress'>[] = []
  private readonly engine: Engine
  private readonly signal = new AbortController().signal

  private constructor(folder: string, engine: Engine) {
    this.folder = folder
    this.engine = engine
    engine.subscribe((name, value) => {
      if (name === 'source.changed') this.changes.push(value as EventValue<'source.changed'>)
      if (name === 'pipeline.progress') this.progress.push(value as EventValue<'pipeline.progress'>)
    })
  }

  /** Opens the workspace in a folder, by default in a new one. */
  static async open(folder = newFolder()): Promise<TestWorkspace> {
    return new TestWorkspace(folder, await openEngine({ workspace: folder }))
  }

  /** Asks the engine as a client would: the input is checked by the contract, and so is the answer. */
  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const { input: asked, output: answered } = calls[name]
    const handler = this.engine.calls[name] as (input: unknown, signal: AbortSignal) => Promise<unknown>
    return answered.parse(await handler(asked.parse(input), this.signal)) as CallOutput<N>
  }

  /** Tails topics to the given end, which must be one, and waits for it. */
  async tail(input: CallInput<'tail.start'>): Promise<void> {
    const { sources } = await this.call('tail.start', input)
    await Promise.all(sources.map((source) => this.call('tail.finished', { source })))
  }

  /** Imports a file and waits until every row is stored. */
  async import(input: CallInput<'file.import'>): Promise<string> {
    const { source } = await this.call('file.import', input)
    await this.call('tail.finished', { source })
    return source
  }

  /** The one source of the workspace that has this name. */
  async source(name: string): Promise<CallOutput<'sources.list'>[number]> {
    const found = (await this.call('sources.list', {})).find((source) => source.name === name)
    if (found === undefined) throw new Error(`The workspace has no source ${name}`)
    return found
  }

  timeline(key: string): Promise<StreamedEvent[]> {
    return readEvents(this.engine.streams['timeline.events']({ key }, this.signal))
  }

  /** Every event of a source, in order of time. */
  events(source: string): Promise<StreamedEvent[]> {
    return readEvents(this.engine.streams['events.slice']({ filter: { sources: [source] }, limit: 5_000_000, newest: false }, this.signal))
  }

  /** The dead letters of a source, by offset. */
  async deadLetters(source: string): Promise<CallOutput<'deadLetters.list'>['letters']> {
    const { letters } = await this.call('deadLetters.list', { source, limit: 10_000, offset: 0 })
    return letters.sort((a, b) => Number(a.position.offset - b.position.offset))
  }

  /** Closes the engine; the folder stays. */
  async close(): Promise<void> {
    await this.engine.close()
  }

  /** Closes the engine and deletes the folder. */
  async remove(): Promise<void> {
    await this.engine.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A folder for a workspace that nobody has opened yet. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'undercurrent-spec-'))
}
