import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deferred } from '../../e2e/fixtures/deferred.ts'
import { connectClient, type Client } from '../../shared/contract/client.ts'
import { portPair } from '../../shared/contract/port.ts'
import { AppError } from '../../shared/errors.ts'
import { openEngine, type Engine } from '../engine/engine.ts'
import { EngineServer } from './engine-server.ts'

let workspace: string
let openings: number
let open: () => Promise<Engine>
let server: EngineServer
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'undercurrent-server-'))
  openings = 0
  open = () => Promise.reject(new AppError('WORKSPACE_LOCKED', 'It is open elsewhere.'))
  server = new EngineServer(() => {
    openings++
    return open()
  })
})
afterEach(async () => {
  await server.close()
  rmSync(workspace, { recursive: true, force: true })
})

interface Window {
  readonly client: Client
  readonly closed: Promise<void>
}

async function openWindow(): Promise<Window> {
  const [near, far] = portPair()
  const { promise: closed, resolve } = deferred()
  await server.connect(far)
  return { client: connectClient({ post: (message) => near.post(message), onMessage: (listener) => near.onMessage(listener), close: () => near.close(), onClose: (listener) => near.onClose(() => { listener(); resolve() }) }), closed }
}

it('opens the engine once for all windows', async () => {
  open = () => openEngine({ workspace })
  const [one, two] = await Promise.all([openWindow(), openWindow()])
  expect(await Promise.all([one, two].map(({ client }) => client.call('sources.list', {})))).toEqual([[], []])
  expect(openings).toBe(1)
})

it('answers why it could not be opened, and tries again with every question until it can', async () => {
  const window = await openWindow()
  await expect(window.client.call('workspace.info', {})).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
  await expect(window.client.stream('events.slice', { filter: {}, limit: 10, newest: false }).next()).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
  expect(openings).toBe(3)
  open = () => openEngine({ workspace })
  const questions = await Promise.allSettled([window.client.call('workspace.info', {}), window.client.call('sources.list', {})])
  expect(questions).toEqual([1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'CANCELLED' }) as unknown })))
  expect(openings).toBe(4)
  await window.closed
  const again = await openWindow()
  expect(await again.client.call('sources.list', {})).toEqual([])
  expect(openings).toBe(4)
})

it('tells the windows that have none of an engine that was opened since', async () => {
  const window = await openWindow()
  open = () => openEngine({ workspace })
  await server.engine()
  await window.closed
})
