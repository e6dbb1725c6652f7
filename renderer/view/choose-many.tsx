import { Button, Checkbox, ColorSwatch, Group, Popover, ScrollArea, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState, type ReactNode } from 'react'
import { formatShort } from '../ui/format.ts'
import { safeText } from '../ui/safe-text.ts'

/** What can be chosen: a name with how many events it stands for. */
export interface Choice {
  readonly name: string
  readonly count: number
  readonly color?: string
}

/** Chooses some of many by ticking; nothing ticked means all. */
export function ChooseMany({ label, choices, chosen, onChange }: { readonly label: string; readonly choices: readonly Choice[]; readonly chosen: readonly string[]; readonly onChange: (names: string[] | undefined) => void }): ReactNode {
  const [opened, { toggle, close }] = useDisclosure()
  const [search, setSearch] = useState('')
  const shown = choices.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase())).slice(0, 200)
  const set = new Set(chosen)
  const flip = (name: string): void => {
    const next = set.has(name) ? chosen.filter((other) => other !== name) : [...chosen, name]
    onChange(next.length === 0 ? undefined : next)
  }
  const [only] = chosen
  const text = only === undefined ? `All ${label}` : chosen.length === 1 ? safeText(only, 30) : `${chosen.length} ${label}`
  return (
    <Popover opened={opened} onChange={(open) => open || close()} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button size="xs" variant={chosen.length === 0 ? 'default' : 'light'} onClick={toggle}>{text}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={300}>
          <Group wrap="nowrap" gap="xs">
            <TextInput flex={1} size="xs" placeholder={`Search ${label}`} aria-label={`Search ${label}`} value={search} onChange={(event) => setSearch(event.currentTarget.value)} data-autofocus />
            <Button size="compact-xs" variant="subtle" disabled={chosen.length === 0} onClick={() => onChange(undefined)}>All</Button>
          </Group>
          <ScrollArea.Autosize mah={320} type="auto">
            <Stack gap={2}>
              {shown.map(({ name, count, color }) => (
                <Group key={name} wrap="nowrap" gap="xs" justify="space-between">
                  <Checkbox size="xs" checked={set.has(name)} onChange={() => flip(name)} styles={{ body: { alignItems: 'center' }, label: { maxWidth: 190, overflowWrap: 'anywhere' } }}
                    label={<Group gap={6} wrap="nowrap">{color !== undefined && <ColorSwatch size={9} color={color} withShadow={false} />}<bdi>{safeText(name, 80)}</bdi></Group>} />
                  <Text size="xs" c="dimmed" className="numeric">{formatShort(count)}</Text>
                </Group>
              ))}
              {shown.length === 0 && <Text size="xs" c="dimmed">Nothing has this name.</Text>}
            </Stack>
          </ScrollArea.Autosize>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
