import { Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { LayerResult } from '../../../shared/model/layer-result.ts'
import { safeText } from '../../ui/safe-text.ts'

const shapes = { ok: IconCircleCheck, warning: IconAlertTriangle, failed: IconCircleX, skipped: IconCircleMinus } as const
const colors = { ok: 'var(--mantine-color-teal-7)', warning: 'var(--mantine-color-orange-7)', failed: 'var(--mantine-color-red-7)', skipped: 'var(--mantine-color-dimmed)' } as const

/** What a test of a connection has shown, layer by layer. */
export function Layers({ results }: { readonly results: readonly LayerResult[] }): ReactNode {
  return (
    <Stack gap={3} role="list" aria-label="Result of the test">
      {results.map(({ layer, state, detail, hint, ms }) => {
        const Shape = shapes[state]
        return (
          <Group key={layer} gap={8} wrap="nowrap" align="flex-start" role="listitem" fz="xs">
            <Shape size={16} color={colors[state]} aria-label={state} style={{ flex: 'none' }} />
            <Text size="xs" fw={600} w={92} style={{ flex: 'none' }}>{layer}</Text>
            <Text size="xs" className="record-text" style={{ flex: 1 }}>{safeText(detail, 600)}{hint === undefined ? '' : ` ${safeText(hint, 600)}`}</Text>
            <Text size="xs" c="dimmed" className="numeric">{state === 'skipped' ? '' : `${Math.round(ms)} ms`}</Text>
          </Group>
        )
      })}
    </Stack>
  )
}
