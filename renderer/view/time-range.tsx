import { Button, Divider, Group, Popover, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconClock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useCall } from '../api/use-call.ts'
import { formatMinute, toMillis } from '../ui/format.ts'
import { fromLocalInput, timePresets, toLocalInput } from './time-presets.ts'
import { useView } from './view.ts'

/** The app's one time range: all, a preset that reaches back from the newest event, or from and to. */
export function TimeRange(): ReactNode {
  const { view, setView } = useView()
  const { data: info } = useCall('workspace.info', {})
  const [opened, { toggle, close }] = useDisclosure()
  const label = view.from === undefined && view.to === undefined ? 'All time' : `${view.from === undefined ? '…' : formatMinute(view.from)} – ${view.to === undefined ? 'now' : formatMinute(view.to)}`
  const choose = (from: number | undefined, to: number | undefined): void => {
    setView({ from, to })
    close()
  }
  return (
    <Popover opened={opened} onChange={(open) => open || close()} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconClock size={15} />} onClick={toggle} aria-label={`Time range: ${label}`}>{label}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Group gap={6} maw={330}>
            <Button size="compact-sm" variant="default" onClick={() => choose(undefined, undefined)}>All time</Button>
            {timePresets.map(({ label: name, ms }) => (
              <Button key={ms} size="compact-sm" variant="default" onClick={() => choose(Math.floor((info?.last === undefined ? Date.now() : toMillis(info.last)) - ms), undefined)}>{name}</Button>
            ))}
          </Group>
          <Divider />
          <Group gap="xs">
            <TextInput type="datetime-local" step={1} label="From" size="xs" value={toLocalInput(view.from)} onChange={(event) => setView({ from: fromLocalInput(event.currentTarget.value) }, { replace: true })} />
            <TextInput type="datetime-local" step={1} label="Until (exclusive)" size="xs" value={toLocalInput(view.to)} onChange={(event) => setView({ to: fromLocalInput(event.currentTarget.value) }, { replace: true })} />
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
