import { Button, FileButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { FailureNote } from '../../ui/failure-note.tsx'
import { fromLink, largestView } from './shared-view.ts'
import { useOpenView } from './use-open-view.ts'

/** Opens a view that somebody has shared: its link, or its file. */
export function OpenDialog({ opened, onClose, routes }: { readonly opened: boolean; readonly onClose: () => void; readonly routes: readonly string[] }): ReactNode {
  const { open, openFile } = useOpenView(routes)
  const [link, setLink] = useState('')
  const [error, setError] = useState<unknown>(undefined)
  const attempt = (work: () => Promise<void>): void => {
    setError(undefined)
    // what a link says is read inside of the promise, so that its fault is shown as any other
    Promise.resolve().then(work).then(() => {
      setLink('')
      onClose()
    }, setError)
  }
  return (
    <Modal opened={opened} onClose={() => { setError(undefined); onClose() }} title="Open a view" size="lg">
      <Stack gap="md" component="form" onSubmit={(event) => { event.preventDefault(); attempt(() => open(fromLink(link, routes))) }}>
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput flex={1} size="xs" label="Link" placeholder="undercurrent:/live?from=…" value={link} onChange={(event) => setLink(event.currentTarget.value)} maxLength={largestView} spellCheck={false} data-autofocus />
          <Button size="xs" type="submit" disabled={link.trim() === ''}>Open</Button>
        </Group>
        <Group justify="space-between">
          <Text size="xs" c="dimmed">A file can also be dropped anywhere on the window.</Text>
          <FileButton onChange={(file) => file !== null && attempt(() => openFile(file))} accept=".json" inputProps={{ 'aria-label': 'File of a view' }}>
            {(props) => <Button {...props} size="xs" variant="default" leftSection={<IconFileImport size={15} />}>Choose a file</Button>}
          </FileButton>
        </Group>
        <FailureNote error={error} />
      </Stack>
    </Modal>
  )
}
