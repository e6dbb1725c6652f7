import { Alert, Box } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useEngineState } from '../api/context.tsx'
import { safeText } from '../ui/safe-text.ts'

/** Says that the engine is away; what is on screen stays usable. */
export function EngineBanner(): ReactNode {
  const state = useEngineState()
  if (state.status !== 'lost') return null
  return (
    <Box p={6}>
      <Alert color="orange" variant="light" icon={<IconPlugConnectedX size={18} />} title="The engine cannot be reached; it is tried again" role="alert">
        {safeText(state.failure.message, 500)} {state.failure.hint ?? ''} Nothing that was stored is lost.
      </Alert>
    </Box>
  )
}
