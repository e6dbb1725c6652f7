import { Button, Code, Stack, Text, Title } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { safeText } from '../ui/safe-text.ts'

/** A screen failed to draw: a bug of ours. The rest of the app still works, and nothing that was stored is touched. */
export function Crash({ error, reset }: ErrorComponentProps): ReactNode {
  return (
    <Stack p="xl" maw={720} role="alert">
      <Title order={3}>This screen could not be drawn</Title>
      <Text size="sm">What is stored is not affected. Try again, or go to another screen; the text below says what happened.</Text>
      <Code block>{safeText(error instanceof Error ? (error.stack ?? error.message) : String(error), 4000)}</Code>
      <Button w="fit-content" onClick={reset}>Try again</Button>
    </Stack>
  )
}
