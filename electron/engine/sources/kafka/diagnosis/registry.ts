import http from 'node:http'
import https from 'node:https'
import type { Registry } from '../../../../../shared/model/connection.ts'
import { systemAuthorities } from '../system-authorities.ts'
import { isTlsFailure, describeTlsFailure } from '../tls-failures.ts'
import type { Attempt, Finding } from './attempt.ts'
import { count } from './kafka.ts'

const patienceMs = 10_000
/** A long list of subjects need not be read to its end. */
const enough = 4_000_000

/** Asks the schema registry for its subjects (Confluent's API, GET /subjects), with the login that it is given. */
export async function tryRegistry({ connection: { registry }, signal }: Attempt): Promise<Finding> {
  if (registry === undefined) return { state: 'skipped', detail: 'No schema registry is set.' }
  const { host } = new URL(registry.url)
  try {
    const { status, text } = await get(registry, signal)
    return judge(host, status, text)
  } catch (error) {
    signal?.throwIfAborted()
    return unreachable(host, error)
  }
}

function judge(host: string, status: number, text: string): Finding {
  if (status === 401) return { state: 'failed', detail: `The schema registry at ${host} refuses the login.`, hint: 'Check its user and password: a registry has its own, or its own API key.' }
  if (status === 403) return { state: 'warning', detail: `The schema registry at ${host} does not let this user list subjects.`, hint: 'Reading schemas may still work; if not, ask for the right to read subjects.' }
  if (status === 404) return { state: 'failed', detail: `There is no schema registry under this path of ${host}.`, hint: 'Check the URL: some registries have Confluent\'s API under a path, such as /apis/ccompat/v7.' }
  if (status !== 200) return { state: 'failed', detail: `The schema registry at ${host} answers with HTTP ${status}.`, hint: 'Look into its log.' }
  if (text.length > enough) return { state: 'ok', detail: `The schema registry at ${host} answers.` }
  const subjects = parseList(text)
  if (subjects === undefined) return { state: 'failed', detail: `${host} answers, but not as a schema registry.`, hint: 'Check host, port and path of the URL.' }
  return { state: 'ok', detail: `The schema registry at ${host} has ${count(subjects.length, 'subject')}.` }
}

function get({ url, username, password, token, ca }: Registry, signal: AbortSignal | undefined): Promise<{ status: number; text: string }> {
  const target = new URL(`${url.replace(/\/+$/, '')}/subjects`)
  const authorities = ca ?? systemAuthorities()
  const headers: Record<string, string> = { accept: 'application/vnd.schemaregistry.v1+json, application/json' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  else if (username !== undefined) headers['authorization'] = `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
  const timeout = AbortSignal.timeout(patienceMs)
  const options = { headers, agent: false as const, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) }
  return new Promise((resolve, reject) => {
    const take = (response: http.IncomingMessage): void => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        if (text.length <= enough) text += part
        else response.destroy()
      })
      response.once('error', reject).once('close', () => resolve({ status: response.statusCode ?? 0, text }))
    }
    const request = target.protocol === 'https:' ? https.get(target, { ...options, ...(authorities === undefined ? {} : { ca: authorities }) }, take) : http.get(target, options, take)
    request.once('error', reject)
  })
}

function unreachable(host: string, error: unknown): Finding {
  const { code, message } = error instanceof Error ? { code: 'code' in error ? String(error.code) : undefined, message: error.message } : { code: undefined, message: String(error) }
  if (code !== undefined && isTlsFailure(code, message)) {
    const { message: detail, hint } = describeTlsFailure(`the schema registry at ${host}`, code, message)
    return { state: 'failed', detail, hint }
  }
  const reason = code === 'ABORT_ERR' ? `no answer within ${patienceMs / 1000} s` : (code ?? message)
  return { state: 'failed', detail: `The schema registry at ${host} cannot be reached: ${reason}.`, hint: 'Check the URL and that the registry is running. Events are kept all the same, and decoded when it is back.' }
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    // a web page, for one: the caller says so
    return undefined
  }
}
