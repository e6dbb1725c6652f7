import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useHost } from '../../api/context.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import type { WhyState } from './state.ts'

/** Countries whose holidays are known. */
const countries = ['AT', 'AU', 'BE', 'BR', 'CA', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'GB', 'IE', 'IT', 'NL', 'NO', 'PL', 'PT', 'RU', 'SE', 'US'] as const
const names = new Intl.DisplayNames(undefined, { type: 'region' })

/** What may matter beyond the events: tables joined on an attribute, holidays, and days of one's own. */
export function Knowledge({ state, setState, attributes }: { readonly state: WhyState; readonly setState: (change: Partial<WhyState>) => void; readonly attributes: readonly string[] }): ReactNode {
  const host = useHost()
  const [attribute, setAttribute] = useState<string | null>(null)
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState<unknown>(undefined)
  const context = state.context ?? []
  const pick = async (take: (path: string) => void): Promise<void> => {
    try {
      const chosen = await host.pickFile()
      if (chosen !== undefined) take(chosen)
    } catch (failure) {
      setProblem(failure)
    }
  }
  const add = (): void => {
    if (attribute === null || path === '') return
    setState({ context: [...context, { path, attribute }] })
    setPath('')
    setAttribute(null)
  }
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>What else is known</Text>
      {context.map((one, index) => (
        <Group key={index} gap={4} wrap="nowrap">
          <Tooltip label={safeText(one.path, 300)}><Text size="xs" className="one-line" flex={1}>{safeText(one.path.split(/[\\/]/).at(-1) ?? '', 60)} on {safeText(one.attribute, 60)}</Text></Tooltip>
          <ActionIcon size="xs" variant="subtle" color="gray" aria-label="Leave this table out" onClick={() => setState({ context: context.filter((_, at) => at !== index) })}><IconX size={13} /></ActionIcon>
        </Group>
      ))}
      <Select size="xs" label="Join a table on" placeholder="an attribute" data={[...attributes]} value={attribute} onChange={setAttribute} searchable clearable />
      {attribute !== null && (
        <>
          <TextInput size="xs" label="CSV or Parquet file with that column" placeholder="a path on this machine" value={path} onChange={(event) => setPath(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Enter' && add()} />
          <Group gap="xs">
            <Button size="compact-xs" variant="default" onClick={() => void pick(setPath)}>Choose…</Button>
            <Button size="compact-xs" disabled={path === ''} onClick={add}>Join</Button>
          </Group>
        </>
      )}
      {state.region !== true && (
        <>
          <Select size="xs" label="Public holidays of" placeholder="no country" data={countries.map((code) => ({ value: code, label: names.of(code) ?? code }))} value={state.country ?? null} onChange={(country) => setState({ country: country ?? undefined })} searchable clearable />
          <Group gap={4} align="flex-end" wrap="nowrap">
            <TextInput size="xs" flex={1} label="Days of your own" description="a CSV file with date, and user for birthdays" placeholder="a path" key={state.dates} defaultValue={state.dates ?? ''} onKeyDown={(event) => event.key === 'Enter' && setState({ dates: event.currentTarget.value || undefined })} />
            <Button size="xs" variant="default" onClick={() => void pick((dates) => setState({ dates }))}>…</Button>
          </Group>
        </>
      )}
      <FailureNote error={problem} />
    </Stack>
  )
}
