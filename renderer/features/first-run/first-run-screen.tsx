import { Anchor, Button, Card, Center, Group, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconBuildingStore, IconFileTypeCsv, IconPlugConnected, type Icon } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useHost } from '../../api/context.tsx'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'

/** The demo shop as everyone gets to see it: the same seed gives the same events. */
const demo = { seed: 1, days: 7, eventsPerDay: 28_600, live: true }

/** Three ways to get events into a workspace, be it the first or more of them. */
export function FirstRunScreen(): ReactNode {
  const host = useHost()
  const navigate = useNavigate()
  const start = useAction('demo.start', 'Opening the demo shop')
  const { data: info } = useCall('workspace.info', {})
  const isEmpty = info?.events === 0
  const [problem, setProblem] = useState<unknown>(undefined)

  const openDemo = (): void => start.mutate(demo, { onSuccess: () => void navigate({ to: '/live' }) })
  const openFile = async (): Promise<void> => {
    try {
      const path = await host.pickFile()
      if (path !== undefined) await navigate({ to: '/connect', search: { file: path } as never })
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Center h="100%" p="xl">
      <Stack maw={920} gap="xl">
        <Stack gap={4} align="center" ta="center">
          <Title order={1}>See what people do in your event streams</Title>
          <Text c="dimmed">{isEmpty ? 'This workspace has no events yet. Choose where they come from; others can be added at any time.' : 'Choose where more events come from.'}</Text>
        </Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
          <Door icon={IconBuildingStore} title="Try the demo shop" text="Seven days of a shop that never sleeps, with behaviors planted in it whose true counts are known. It goes on live." action={<Button onClick={openDemo} loading={start.isPending} fullWidth>Open the demo shop</Button>} />
          <Door icon={IconFileTypeCsv} title="Open a file" text="CSV, NDJSON or Parquet. You see the events, and how they are read, before anything is stored. Dropping it on the window does the same." action={<Button variant="default" onClick={() => void openFile()} fullWidth>Choose a file…</Button>} />
          <Door icon={IconPlugConnected} title="Connect to Kafka" text="Tails topics from wherever you say. Nothing is written to the broker: no consumer group, no committed offset." action={<Button variant="default" component={Link} to="/connect" fullWidth>Connect…</Button>} />
        </SimpleGrid>
        <FailureNote error={problem ?? start.error} />
        <Text size="xs" c="dimmed" ta="center">All of it stays on this machine, in one folder. <Anchor component={Link} to="/live" size="xs" underline="always">{isEmpty ? 'Look around in the empty workspace' : 'Go to what is stored'}</Anchor></Text>
      </Stack>
    </Center>
  )
}

function Door({ icon: Shape, title, text, action }: { readonly icon: Icon; readonly title: string; readonly text: string; readonly action: ReactNode }): ReactNode {
  return (
    <Card withBorder padding="lg" radius="md">
      <Stack h="100%" justify="space-between" gap="md">
        <Stack gap="xs">
          <Group gap="sm" wrap="nowrap">
            <ThemeIcon size={36} radius="md" variant="light"><Shape size={20} stroke={1.7} /></ThemeIcon>
            <Title order={3}>{title}</Title>
          </Group>
          <Text size="sm" c="dimmed">{text}</Text>
        </Stack>
        {action}
      </Stack>
    </Card>
  )
}
