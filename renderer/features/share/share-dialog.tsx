import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { CopyValue } from '../../ui/copy-value.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { toFile, toLink, viewFileName, type SharedView } from './shared-view.ts'

/** The view on the screen as a link or a small file, for a colleague who reads the same topics. */
export function ShareDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const { pathname, search } = useLocation()
  const { data: sources } = useCall('sources.list', {})
  const view: SharedView = { route: pathname, search, sources: (sources ?? []).map(({ name, topic }) => ({ name, topic })) }
  const link = toLink(view)
  return (
    <Modal opened={opened} onClose={onClose} title="Share this view" size="lg">
      <Stack gap="md">
        <Text size="sm">Whoever has the same topics opens what you see: the screen, its time range, filters and selection. It holds what the view itself shows, and neither events nor the address of this app.</Text>
        <Group gap={4} align="flex-end" wrap="nowrap">
          <TextInput flex={1} size="xs" label="Link" value={link} readOnly onFocus={(event) => event.currentTarget.select()} className="mono" data-autofocus />
          <CopyValue value={link} name="the link" />
        </Group>
        <Group justify="space-between">
          <Text size="xs" c="dimmed">A file also names the topics, so that it can say what is not there.</Text>
          <Button size="xs" variant="default" leftSection={<IconDeviceFloppy size={15} />} onClick={() => saveFile(viewFileName(view), 'application/json', [toFile(view)])}>Save as a file</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
