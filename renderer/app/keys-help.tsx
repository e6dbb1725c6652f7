import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { useRegisteredKeys } from '../ui/keys.tsx'

const names: Readonly<Record<string, string>> = { mod: 'Ctrl/⌘', shift: 'Shift', alt: 'Alt', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Space: 'Space', Escape: 'Esc' }

/** Every key that works on this screen. */
export function KeysHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const registered = useRegisteredKeys()
  // parts of one screen bring keys of their own
  const scopes = [...new Set(registered.map(({ scope }) => scope))].map((scope) => ({ scope, keys: registered.filter((one) => one.scope === scope).flatMap(({ keys }) => keys) }))
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="md">
      <Stack gap="md">
        {scopes.map(({ scope, keys }) => (
          <Stack key={scope} gap={4}>
            <Text fw={600} size="sm">{scope}</Text>
            {keys.map(({ keys: hotkey, label }) => (
              <Group key={hotkey} justify="space-between">
                <Text size="sm">{label}</Text>
                <Group gap={4}>{hotkey.split('+').map((part, index) => <Fragment key={part}>{index > 0 && '+'}<Kbd size="xs">{names[part] ?? part.toUpperCase()}</Kbd></Fragment>)}</Group>
              </Group>
            ))}
          </Stack>
        ))}
        <Text size="xs" c="dimmed">Keys do nothing while you type in a field.</Text>
      </Stack>
    </Modal>
  )
}
