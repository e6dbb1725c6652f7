import { connectClient, type Client } from '../../shared/contract/client.ts'
import { portPair } from '../../shared/contract/port.ts'
import { openEngine } from '../engine/engine.ts'
import { serve } from '../ipc/serve.ts'

/** An engine in this process, reached as every host reaches it: through the contract. */
export interface LocalEngine {
  readonly client: Client
  close(): Promise<void>
}

/** Opens a workspace in this process. @throws AppError WORKSPACE_LOCKED and the like */
export async function openLocalEngine(workspace: string): Promise<LocalEngine> {
  const engine = await openEngine({ workspace })
  const [near, far] = portPair()
  serve(engine, far)
  const client = connectClient(near)
  return {
    client,
    async close() {
      await engine.close()
      client.close()
    },
  }
}
