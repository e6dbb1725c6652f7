import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProvider } from '../api/context.tsx'
import { detectHost } from '../api/detect-host.ts'
import { Engine } from '../api/engine.ts'
import { createQueryClient } from '../api/query-client.ts'
import { router } from './router.tsx'
import { readableColors, theme } from './theme.ts'
import { cspNonce } from '../ui/csp-nonce.ts'

const host = detectHost()
const engine = new Engine(host)
const queries = createQueryClient()
// another workspace, or an engine that was started anew: what is on screen is of the one before
host.onWorkspaceChanged(() => queries.clear())
let wasOpen = false
engine.subscribe(() => {
  const isOpen = engine.getState().status === 'open'
  if (isOpen && !wasOpen) void queries.invalidateQueries()
  wasOpen = isOpen
})
void engine.connect()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={cspNonce} cssVariablesResolver={readableColors}>
      <QueryClientProvider client={queries}>
        <ApiProvider host={host} engine={engine}>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
