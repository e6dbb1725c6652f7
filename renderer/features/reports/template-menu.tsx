import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconTemplate, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { fromTemplate, toTemplate, type ReportState, type SetReportState } from './state.ts'
import type { Subjects } from './subjects.ts'

/** How reports are built, kept in the workspace under a name: saved, taken again, removed. */
export function TemplateMenu({ state, setState, subjects }: { readonly state: ReportState; readonly setState: SetReportState; readonly subjects: Subjects }): ReactNode {
  const [opened, { toggle, close }] = useDisclosure()
  const [name, setName] = useState('')
  const queries = useQueryClient()
  const { data: templates, error } = useCall('reports.templates', {})
  const save = useAction('reports.saveTemplate', 'Saving the template')
  const remove = useAction('reports.removeTemplate', 'Removing the template')
  const isSaved = (one: string): boolean => subjects.all.some((subject) => subject.isSaved && subject.name === one)
  const isKnown = templates?.some((template) => template.name === name.trim()) === true
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['reports.templates'] })
  const doSave = (): void => {
    if (name.trim() === '') return
    save.mutate(toTemplate(name.trim(), state, subjects.chosen.filter(isSaved)), { onSuccess: () => { refresh(); setName('') } })
  }
  return (
    <Popover opened={opened} onChange={(open) => open || close()} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target><Button size="xs" variant="default" onClick={toggle} leftSection={<IconTemplate size={15} />} rightSection={<IconChevronDown size={14} />}>Templates</Button></Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={290}>
          <FailureNote error={error ?? save.error ?? remove.error} />
          {templates?.length === 0 && <Text size="xs" c="dimmed">Keep how this report is built, and build the next one the same way. The command line takes templates too.</Text>}
          {templates !== undefined && templates.length > 0 && (
            <Stack gap={2} component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Templates">
              {templates.map((template) => (
                <Group key={template.name} component="li" gap={4} wrap="nowrap">
                  <UnstyledButton flex={1} px={6} py={4} style={{ minWidth: 0 }} onClick={() => { setState(fromTemplate(template, isSaved)); close() }}>
                    <Text size="sm" className="one-line">{safeText(template.name, 100)}</Text>
                  </UnstyledButton>
                  <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Remove the template ${safeText(template.name, 100)}`} onClick={() => remove.mutate({ name: template.name }, { onSuccess: refresh })}><IconTrash size={14} /></ActionIcon>
                </Group>
              ))}
            </Stack>
          )}
          <Group gap="xs" wrap="nowrap" component="form" onSubmit={(event) => { event.preventDefault(); doSave() }}>
            <TextInput size="xs" flex={1} aria-label="Name of the template" placeholder="Name" maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
            <Button size="xs" type="submit" disabled={name.trim() === ''} loading={save.isPending}>{isKnown ? 'Replace' : 'Save'}</Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
