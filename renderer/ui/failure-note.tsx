import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Failure, toFailure } from '../../shared/errors.ts'
import { safeText } from './safe-text.ts'

/** What went wrong and what to do about it. A cancel is no failure and shows nothing. */
export function FailureNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }): ReactNode {
  if (error === null || error === undefined) return null
  // what a source tells of itself has come over a port, and is a failure already
  const told = Failure.safeParse(error)
  const failure = told.success ? told.data : toFailure(error)
  if (failure.code === 'CANCELLED') return null
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={safeText(failure.message, 500)} role="alert">
      <Group justify="space-between" align="flex-end">
        <Text size="sm">{failure.hint === undefined ? '' : safeText(failure.hint, 1000)}</Text>
        {onRetry !== undefined && <Button size="compact-sm" variant="default" onClick={onRetry}>Try again</Button>}
      </Group>
    </Alert>
  )
}
