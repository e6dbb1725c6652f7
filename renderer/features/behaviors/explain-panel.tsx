import { Button, Group, Loader, Text, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatTime } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { MatchTable } from './match-table.tsx'

/** Why a user is in or not: the matches, and the nearest misses with what would have had to be otherwise. */
export function ExplainPanel({ text, name, fields, durations }: { readonly durations: ReadonlySet<string>; readonly text: string; readonly name: string | undefined; readonly fields: readonly string[] }): ReactNode {
  const [values, setValues] = useState<readonly string[]>([])
  const [asked, setAsked] = useState<readonly string[]>([])
  const { data, error, isFetching } = useCall('behaviors.explain', { text, ...(name === undefined ? {} : { name }), key: asked.length === 0 ? [''] : [...asked] }, { enabled: asked.length > 0, label: 'Explaining' })
  const ask = (): void => {
    const end = values.findIndex((value) => value === '')
    setAsked(values.slice(0, end === -1 ? undefined : end))
  }
  return (
    <>
      <form onSubmit={(event) => { event.preventDefault(); ask() }}>
        <Group gap="xs" align="flex-end" mb="sm">
          {fields.map((field, index) => <TextInput key={field} size="xs" w={200} label={safeText(field, 40)} placeholder={index === 0 ? 'its value, whole' : 'all'} value={values[index] ?? ''} onChange={(event) => { const value = event.currentTarget.value; setValues(fields.map((_, at) => (at === index ? value : (values[at] ?? '')))) }} />)}
          <Button size="xs" type="submit" disabled={(values[0] ?? '') === ''}>Why?</Button>
          {isFetching && <Loader size="xs" />}
        </Group>
      </form>
      <FailureNote error={error} />
      {asked.length > 0 && data?.length === 0 && <Text size="sm" c="dimmed">No event with this key that the behavior looks at.</Text>}
      {asked.length > 0 && data?.map((one) => (
        <section key={JSON.stringify(one.key)} style={{ marginBottom: 14 }}>
          <Text size="sm" fw={600} className="record-text">{Object.entries(one.key).map(([field, value]) => `${safeText(field, 40)} ${safeText(String(value), 60)}`).join(', ')}</Text>
          {one.matches.length > 0 && <MatchTable matches={one.matches} total={one.matches.length} durations={durations} />}
          <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
            {one.misses.map(({ reached, of, reason, steps, isOpen }, index) => (
              <li key={index}><Text size="sm"><b>{isOpen ? 'Still open' : 'Missed'}</b> after {reached} of {of} steps{steps[0] === undefined ? '' : `, begun ${formatTime(steps[0].time)}`}: {safeText(reason, 300)}.</Text></li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
