import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** A place with nothing to show: what would be here, and what to do next. */
export function EmptyState({ icon: Shape, title, children, actions }: { readonly icon: Icon; readonly title: string; readonly children?: ReactNode; readonly actions?: ReactNode }): ReactNode {
  return (
    <Center p="xl" mih={220}>
      <Stack align="center" gap="xs" maw={460} ta="center">
        <ThemeIcon size={44} radius="xl" variant="light" color="gray"><Shape size={24} stroke={1.6} /></ThemeIcon>
        <Title order={4}>{title}</Title>
        <Text c="dimmed" size="sm">{children}</Text>
        {actions}
      </Stack>
    </Center>
  )
}
