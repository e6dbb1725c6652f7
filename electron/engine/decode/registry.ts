import type { Registry } from '../../../shared/model/connection.ts'
import type { DeadReason, Decoder } from '../../../shared/model/decoder.ts'
import { avroReader, type PayloadReader } from './avro.ts'
import { protobufReader } from './protobuf.ts'
import { RegistryClient, type RegisteredSchema } from './registry-client.ts'

/** A schema that is ready to read payloads. */
export interface ReadySchema {
  readonly id: number
  readonly decoder: Decoder
  readonly read: PayloadReader
}

/** Why a schema cannot be had. */
export interface SchemaProblem {
  readonly reason: DeadReason
  readonly detail: string
}

/** How the registry is doing, for a screen. */
export type RegistryStatus = { readonly state: 'ok' } | { readonly state: 'down'; readonly since: number; readonly error: string }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const firstBackoffMs = 1_000
const longestBackoffMs = 30_000

/**
 * The schemas of a registry by id (or GUID), each fetched once. While the registry is down it is asked again only after a
 * growing pause, so that records which need it do not wait for it one by one.
 */
export class SchemaCache {
  private readonly client: RegistryClient
  private readonly schemas = new Map<string, ReadySchema | SchemaProblem>()
  private readonly loading = new Map<string, Promise<void>>()
  private down: { readonly since: number; readonly error: string; readonly until: number; readonly backoffMs: number } | undefined

  constructor(registry: Registry) {
    this.client = new RegistryClient(registry)
  }

  status(): RegistryStatus {
    return this.down === undefined ? { state: 'ok' } : { state: 'down', since: this.down.since, error: this.down.error }
  }

  /** What is known of a schema now. `load` it first. */
  get(key: string): ReadySchema | SchemaProblem {
    return this.schemas.get(key) ?? { reason: 'registry_unavailable', detail: `The schema registry does not answer: ${this.down?.error ?? 'not asked yet'}` }
  }

  /** Fetches the schemas that are not known yet. A registry that is down is no error here: `get` says so. */
  async load(keys: Iterable<string>, signal: AbortSignal): Promise<void> {
    const missing = [...keys].filter((key) => !this.schemas.has(key))
    if (missing.length === 0 || (this.down !== undefined && Date.now() < this.down.until)) return
    await Promise.all(missing.map((key) => this.loadOnce(key, signal)))
  }

  private loadOnce(key: string, signal: AbortSignal): Promise<void> {
    const running = this.loading.get(key)
    if (running !== undefined) return running
    const started = this.fetch(key, signal).finally(() => this.loading.delete(key))
    this.loading.set(key, started)
    return started
  }

  private async fetch(key: string, signal: AbortSignal): Promise<void> {
    const answer = await this.client.schema(key, signal)
    if (answer.kind === 'unavailable') {
      // whoever gives up says nothing about the registry, and schemas that are asked for together fail once
      if (signal.aborted || (this.down !== undefined && Date.now() < this.down.until)) return
      const backoffMs = this.down === undefined ? firstBackoffMs : Math.min(this.down.backoffMs * 2, longestBackoffMs)
      this.down = { since: this.down?.since ?? Date.now(), error: answer.error, until: Date.now() + backoffMs, backoffMs }
      return
    }
    this.down = undefined
    this.schemas.set(key, answer.kind === 'unknown' ? { reason: 'schema_unknown', detail: `The schema registry has no schema ${key}.` } : ready(answer.schema))
  }
}

function ready(schema: RegisteredSchema): ReadySchema | SchemaProblem {
  try {
    switch (schema.type) {
      case 'AVRO':
        return { id: schema.id, decoder: 'avro', read: avroReader(schema.schema, schema.references.map((reference) => reference.schema)) }
      case 'PROTOBUF':
        return { id: schema.id, decoder: 'protobuf', read: protobufReader(schema.schema, schema.references) }
      case 'JSON':
        // the payload is JSON as it stands; a reader of history has no business refusing what was written
        return { id: schema.id, decoder: 'json-schema', read: (payload) => utf8.decode(payload) }
      default:
        return { reason: 'schema_unknown', detail: `Schema ${schema.id} is of the type ${schema.type}, which is not known.` }
    }
  } catch (error) {
    return { reason: 'schema_mismatch', detail: `Schema ${schema.id} cannot be used: ${error instanceof Error ? error.message.slice(0, 200) : 'it is broken'}` }
  }
}

