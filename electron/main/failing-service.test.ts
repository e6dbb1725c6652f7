import { expect, it } from 'vitest'
import { connectClient } from '../../shared/contract/client.ts'
import { portPair } from '../../shared/contract/port.ts'
import { fromFailure, type Failure } from '../../shared/errors.ts'
import { serve } from '../ipc/serve.ts'
import { failingService } from './failing-service.ts'

const failure: Failure = { code: 'WORKSPACE_LOCKED', message: 'It is open elsewhere.', hint: 'Close it there.' }

it('answers every call and every stream with the reason why there is no engine, and the hint', async () => {
  const [near, far] = portPair()
  serve(failingService(() => Promise.reject(fromFailure(failure))), far)
  const client = connectClient(near)
  await expect(client.call('workspace.info', {})).rejects.toMatchObject(failure)
  await expect(client.call('sources.list', {})).rejects.toMatchObject(failure)
  await expect(client.stream('events.slice', { filter: {}, limit: 10, newest: false }).next()).rejects.toMatchObject(failure)
})
