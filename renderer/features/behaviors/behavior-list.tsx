import { ActionIcon, Badge, Button, Group, Menu, Progress, ScrollArea, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconPlus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { BehaviorState } from '../../../shared/model/behavior.ts'
import { useAction } from '../../api/use-call.ts'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { Sparkline } from '../../charts/sparkline.tsx'
import { newBehavior, templates } from './templates.ts'
import classes from './behaviors.module.css'

/** Every behavior of the workspace: how often, of how many users, how it goes, and whether it is up to date. */
export function BehaviorList({ all, chosen, types, onChoose, onNew }: { readonly all: readonly BehaviorState[]; readonly chosen: string | undefined; readonly types: readonly string[]; readonly onChoose: (name: string) => void; readonly onNew: (text: string) => void }): ReactNode {
  return (
    <nav className={classes.list} aria-label="Behaviors">
      <Group p="xs" gap={0} wrap="nowrap">
        <Button size="xs" flex={1} leftSection={<IconPlus size={15} />} onClick={() => onNew(newBehavior(types))} style={{ borderTopRightRadius: 0, borderBottomRightRadius: 0 }}>New behavior</Button>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target><ActionIcon size={30} aria-label="Begin with an example" style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0, borderLeft: '1px solid var(--mantine-color-body)' }}><IconChevronDown size={15} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Begin with an example</Menu.Label>
            {templates.map(({ name, text }) => <Menu.Item key={name} onClick={() => onNew(text)}>{name}</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <ScrollArea className="fill" type="auto">
        {all.map((one) => <Row key={one.name} one={one} isChosen={one.name === chosen} onChoose={onChoose} />)}
        {all.length === 0 && <Text size="xs" c="dimmed" px="sm">Nothing is saved yet. What you save here is found in all of the history and in every event that comes.</Text>}
      </ScrollArea>
    </nav>
  )
}

function Row({ one, isChosen, onChoose }: { readonly one: BehaviorState; readonly isChosen: boolean; readonly onChoose: (name: string) => void }): ReactNode {
  const cancel = useAction('behaviors.cancel', 'Cancelling')
  const { name, state, users, occurrences, pending, progress, failure, trend } = one
  return (
    <div className={classes.item} data-chosen={isChosen || undefined}>
      <UnstyledButton className={classes.itemButton} onClick={() => onChoose(name)} aria-current={isChosen ? 'page' : undefined}>
        <Text size="sm" fw={600} className="one-line">{safeText(name, 80)}</Text>
        <Group gap={6} wrap="nowrap" justify="space-between">
          <Text size="xs" c="dimmed" className="numeric">{formatCount(users)} {users === 1 ? 'user' : 'users'} · {formatCount(occurrences)}×</Text>
          <Sparkline values={trend} width={64} height={18} label={`Matches over time of ${name}`} />
        </Group>
        <Group gap={4}>
          {pending > 0 && <Badge size="xs" variant="light" color="yellow" tt="none">{formatCount(pending)} pending</Badge>}
          {state === 'waiting' && <Badge size="xs" variant="light" color="gray" tt="none">waiting</Badge>}
          {state === 'failed' && <Tooltip label={safeText(failure ?? '', 300)} multiline maw={320}><Badge size="xs" variant="light" color="red" tt="none">failed</Badge></Tooltip>}
        </Group>
      </UnstyledButton>
      {state === 'running' && (
        <Group gap={6} wrap="nowrap" px={8} pb={6}>
          <Progress flex={1} size="sm" value={progress === undefined || progress.total === 0 ? 0 : (progress.done / progress.total) * 100} animated aria-label={`Searching all events for ${name}`} />
          <ActionIcon size="xs" variant="subtle" color="gray" aria-label="Cancel" onClick={() => cancel.mutate({ name })}><IconX size={13} /></ActionIcon>
        </Group>
      )}
    </div>
  )
}
