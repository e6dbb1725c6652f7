import type { Registry } from '../../../shared/model/connection.ts'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { z } from 'zod'

/** A schema as the registry gives it, with everything it builds on, deepest first. */
export interface RegisteredSchema {
  readonly id: number
  readonly type: string
  readonly schema: string
  readonly references: readonly { readonly name: string; readonly schema: string }[]
}

export type SchemaAnswer =
  | { readonly kind: 'schema'; readonly schema: RegisteredSchema }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable'; readonly error: string }

const timeoutMs = 5_000
const largestAnswer = 16 * 1024 * 1024

const Reference = z.object({ name: z.string(), subject: z.string(), version: z.number() })
const SchemaBody = z.object({ schema: z.string(), schemaType: z.string().default('AVRO'), references: z.array(Reference).nullish() })
const IdsBody = z.array(z.object({ id: z.number() }))
/** What a registry says of a subject, version or schema that it does not have (40401 to 40403); anybody can say 404. */
const NotFoundBody = z.object({ error_code: z.int().min(40_401).max(40_403) })

/** Asks a registry that speaks Confluent's API, version 1. */
export class RegistryClient {
  private readonly registry: Registry

  constructor(registry: Registry) {
    this.registry = registry
  }

  /** A schema by the text of its id, or by its GUID. Never throws: what went wrong is the answer. */
  async schema(key: string, signal: AbortSignal): Promise<SchemaAnswer> {
    try {
      const id = /^\d+$/.test(key) ? Number(key) : await this.idOfGuid(key, signal)
      const body = SchemaBody.parse(await this.get(`/schemas/ids/${id}`, signal))
      const references = await this.references(body.references ?? [], new Set(), signal)
      return { kind: 'schema', schema: { id, type: body.schemaType, schema: body.schema, references } }
    } catch (error) {
      if (error instanceof NotFoundError) return { kind: 'unknown' }
      return { kind: 'unavailable', error: describe(error) }
    }
  }

  private async idOfGuid(guid: string, signal: AbortSignal): Promise<number> {
    const [first] = IdsBody.parse(await this.get(`/schemas/guids/${encodeURIComponent(guid)}/ids`, signal))
    if (first === undefined) throw new NotFoundError()
    return first.id
  }

  private async references(wanted: readonly z.infer<typeof Reference>[], seen: Set<string>, signal: AbortSignal): Promise<{ name: string; schema: string }[]> {
    const found: { name: string; schema: string }[] = []
    for (const { name, subject, version } of wanted) {
      if (seen.has(name)) continue
      seen.add(name)
      const body = SchemaBody.parse(await this.get(`/subjects/${encodeURIComponent(subject)}/versions/${version}`, signal))
      found.push(...(await this.references(body.references ?? [], seen, signal)), { name, schema: body.schema })
    }
    return found
  }

  private async get(path: string, signal: AbortSignal): Promise<unknown> {
    const url = new URL(`${this.registry.url.replace(/\/+$/, '')}${path}`)
    const { username, password, token, ca } = this.registry
    const user = username ?? decodeURIComponent(url.username)
    const secret = password ?? decodeURIComponent(url.password)
    url.username = ''
    url.password = ''
    const headers: Record<string, string> = { accept: 'application/vnd.schemaregistry.v1+json, application/json' }
    if (token !== undefined) headers.authorization = `Bearer ${token}`
    else if (user !== '') headers.authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
    // node's own client, because fetch cannot be told whose certificates to trust
    const text = await send(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), ...(ca === undefined ? {} : { ca }) })
    return JSON.parse(text) as unknown
  }
}

/** The registry knows that it does not have it. */
class NotFoundError extends Error {}

class HttpError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`the registry answers with status ${status}`)
    this.status = status
  }
}

async function send(url: URL, options: { readonly headers: Record<string, string>; readonly signal: AbortSignal; readonly ca?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      const parts: Buffer[] = []
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > largestAnswer) request.destroy(new Error('the registry answers with more than 16 MB'))
        else parts.push(part)
      })
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        if (response.statusCode === 200) resolve(text)
        else if (response.statusCode === 404 && isNotFound(text)) reject(new NotFoundError())
        else reject(new HttpError(response.statusCode ?? 0))
      })
    })
    request.on('error', reject)
    request.end()
  })
}

function isNotFound(text: string): boolean {
  try {
    return NotFoundBody.safeParse(JSON.parse(text)).success
  } catch {
    // a page of a web server that is no registry
    return false
  }
}

function describe(error: unknown): string {
  if (error instanceof HttpError) {
    if (error.status === 401 || error.status === 403) return `${error.message}: the user name or password is wrong, or may not read schemas`
    return error.status === 404 ? `${error.message}: is its address complete?` : error.message
  }
  if (error instanceof Error) return error.name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : ((error as NodeJS.ErrnoException).code ?? error.message.slice(0, 200))
  return 'it cannot be asked'
}
