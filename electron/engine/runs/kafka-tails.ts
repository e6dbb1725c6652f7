import { isDeepStrictEqual } from 'node:util'
import type { CallInput } from '../../../shared/contract/calls.ts'
import { AppError } from '../../../shared/errors.ts'
import { withoutSecrets, type Connection } from '../../../shared/model/connection.ts'
import { createDecoder } from '../decode/decode.ts'
import { makeSample, type Sample } from '../sampling.ts'
import { clientConfig } from '../sources/kafka/client-config.ts'
import { sampleTopic } from '../sources/kafka/sample.ts'
import { KafkaTail } from '../sources/kafka/tail.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import { decodeBatch } from './decode-batch.ts'
import { adoptTypes, completeMapping, overlay, sampleSize } from './complete-mapping.ts'
import type { Redecoding } from './redecoding.ts'
import type { RememberedConnections } from './remembered-connection.ts'
import type { Runs } from './runs.ts'

/** A topic's default lateness: events that come more than a minute behind the newest of their partition are late. */
export const defaultLatenessMs = 60_000

/** Starts to tail topics. */
export class KafkaTails {
  private readonly store: Store
  private readonly runs: Runs
  private readonly redecoding: Redecoding
  private readonly remembered: RememberedConnections

  constructor(store: Store, runs: Runs, redecoding: Redecoding, remembered: RememberedConnections) {
    this.store = store
    this.runs = runs
    this.redecoding = redecoding
    this.remembered = remembered
  }

  /** Looks at a topic's newest records without storing anything. */
  async sample(connection: Connection, topic: string, count: number): Promise<Sample> {
    const batch = await sampleTopic(clientConfig(connection), topic, count)
    const registry = connection.registry
    return makeSample(batch, topic, (format) => decodeBatch(createDecoder({ format, registry }), batch, AbortSignal.timeout(30_000)))
  }

  /** Starts one tail a topic; a topic that is new to the workspace becomes a source. @returns the sources' names */
  async start(input: CallInput<'tail.start'>): Promise<string[]> {
    for (const topic of input.topics) this.runs.ensureFree(topic)
    // it reads by the format that it finds now, to its end
    return this.runs.reserve(input.topics, 'started', () => this.begin(input))
  }

  /**
   * Follows a source's topic again, as it was reached the last time.
   *
   * @throws AppError SECRET_MISSING when that takes a secret that is not remembered, BAD_REQUEST for another kind of source
   */
  async again(source: StoredSource): Promise<void> {
    const { kind, name, connection } = source
    if (kind !== 'kafka' || connection === undefined) throw new AppError('BAD_REQUEST', `${name} is not read from Kafka.`)
    this.runs.ensureFree(name)
    await this.runs.reserve([name], 'started', async () => {
      // every partition that was there has its place by now; what is new since then is read whole
      this.run({ connection: await this.remembered.restore(connection), start: { at: 'beginning' }, end: { at: 'never' } }, source)
    })
  }

  private async begin(input: CallInput<'tail.start'>): Promise<string[]> {
    if (input.remember === true) await this.remembered.ensureAvailable()
    const sources: StoredSource[] = []
    for (const topic of input.topics) sources.push(await this.source(input, topic))
    // a new topic has been looked into by now, so its secrets are known to be right
    if (input.remember === true) await this.remembered.remember(input.connection)
    if (input.remember === false) await this.remembered.forget(input.connection)
    for (const source of sources) this.run(input, source)
    return sources.map(({ name }) => name)
  }

  private run(input: Pick<CallInput<'tail.start'>, 'connection' | 'start' | 'end'>, source: StoredSource): void {
    const registry = input.connection.registry
    const decoder = createDecoder({ format: source.format, registry })
    const tail = new KafkaTail({
      config: clientConfig(input.connection),
      topic: source.topic,
      start: input.start,
      end: input.end,
      clusterId: source.connection?.clusterId,
      onCluster: async (clusterId) => {
        await this.store.updateSource(source, (current) => (current.connection === undefined ? current : { ...current, connection: { ...current.connection, clusterId } }))
      },
      read: async () => new Map([...(await this.store.partitionStates(source))].map(([partition, { ranges }]) => [partition, ranges])),
    })
    const pipeline = this.runs.start(source, tail, (batch, signal) => decodeBatch(decoder, batch, signal))
    if (registry === undefined) return
    const stopRetries = this.redecoding.startFor(source, decoder)
    void pipeline.finished.catch(() => undefined).then(stopRetries)
  }

  private async source(input: CallInput<'tail.start'>, topic: string): Promise<StoredSource> {
    const known = this.store.findSource(topic)
    const clusterId = known?.connection?.clusterId
    const connection = { ...withoutSecrets(input.connection), ...(clusterId === undefined ? {} : { clusterId }) }
    if (known !== undefined) {
      if (known.kind !== 'kafka') throw new AppError('CONFLICT', `${topic} is the name of a ${known.kind} source in this workspace.`, { hint: 'Use another workspace.' })
      if (changes(known, input)) {
        throw new AppError('CONFLICT', `The source ${topic} has another mapping in this workspace.`, { hint: `Leave the mapping out to go on with it, or change it and its history with \`undercurrent map ${topic}\`.` })
      }
      return this.store.updateSource(known, (current) => ({ ...current, connection, latenessMs: input.latenessMs ?? current.latenessMs }))
    }
    const sample = await this.sample(input.connection, topic, sampleSize)
    const completed = completeMapping(input.mapping, sample)
    // what the user has typed himself must fit or be refused; what was guessed gives way
    const mapping = input.mapping?.attributes === undefined ? adoptTypes(completed, await this.store.attributeTypes()) : completed
    return this.store.addSource({ name: topic, kind: 'kafka', topic, format: input.format ?? sample.format, mapping, latenessMs: input.latenessMs ?? defaultLatenessMs, connection })
  }
}

/** True when a tail asks for another mapping than its source has. */
function changes(source: StoredSource, { mapping, format }: CallInput<'tail.start'>): boolean {
  return !isDeepStrictEqual(overlay(source.mapping, mapping), overlay(source.mapping, undefined)) || (format !== undefined && format !== source.format)
}
