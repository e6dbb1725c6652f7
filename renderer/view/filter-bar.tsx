import { ActionIcon, Button, Group, Pill, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useCall } from '../api/use-call.ts'
import { safeText } from '../ui/safe-text.ts'
import { ChooseMany } from './choose-many.tsx'
import { TimeRange } from './time-range.tsx'
import { useTypes } from './use-types.ts'
import { noFilter, useView } from './view.ts'

/** The one time range and filter of all screens. */
export function FilterBar(): ReactNode {
  const { view, setView } = useView()
  const types = useTypes()
  const { data: sources } = useCall('sources.list', {})
  const filtered = Object.values(view).some((value) => value !== undefined)
  return (
    <Group gap={6} wrap="nowrap" role="search" aria-label="Filter">
      <TimeRange />
      {(sources?.length ?? 0) > 1 && <ChooseMany label="sources" choices={(sources ?? []).map(({ name, events }) => ({ name, count: events }))} chosen={view.sources ?? []} onChange={(names) => setView({ sources: names })} />}
      <ChooseMany label="types" choices={types.list.map(({ type, events }) => ({ name: type, count: events, color: types.color(type) }))} chosen={view.types ?? []} onChange={(names) => setView({ types: names })} />
      <TextFilter text={view.text ?? ''} onChange={(text) => setView({ text: text === '' ? undefined : text }, { replace: true })} />
      {view.keys?.map((key) => (
        <Pill key={key} withRemoveButton onRemove={() => setView({ keys: rest(view.keys, key) })} removeButtonProps={{ 'aria-label': 'Remove this user from the filter', 'aria-hidden': false, tabIndex: 0 }}>
          <bdi>{safeText(key, 24)}</bdi>
        </Pill>
      ))}
      {filtered && (
        <Tooltip label="Clear every filter">
          <ActionIcon variant="subtle" color="gray" aria-label="Clear every filter" onClick={() => setView(noFilter)}><IconFilterOff size={16} /></ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}

function rest(keys: readonly string[] | undefined, without: string): string[] | undefined {
  const left = (keys ?? []).filter((key) => key !== without)
  return left.length === 0 ? undefined : left
}

/** Waits until typing pauses: a search through every payload is no small question. */
function TextFilter({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }): ReactNode {
  const [typed, setTyped] = useState(text)
  const [known, setKnown] = useState(text)
  // the URL has changed from elsewhere: a link, going back, clearing every filter
  if (text !== known) {
    setKnown(text)
    setTyped(text)
  }
  const send = useDebouncedCallback(onChange, 350)
  return (
    <TextInput
      size="xs"
      w={210}
      leftSection={<IconSearch size={14} />}
      placeholder="Key, type, header or text"
      aria-label="Events whose key, type, headers or payload contain"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        send(event.currentTarget.value)
      }}
      rightSection={typed === '' ? null : <Button size="compact-xs" variant="subtle" color="gray" px={4} aria-label="Clear the text" onClick={() => { setTyped(''); onChange('') }}>×</Button>}
    />
  )
}
