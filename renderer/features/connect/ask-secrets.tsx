import { Button, Group, PasswordInput, Stack, Text, Textarea } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { SourceState } from '../../../shared/model/workspace.ts'
import { useAction } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { emptyFields, fillFields, secretFields, toConnection, type SecretField } from './connection-fields.ts'
import { Remember, useRemember } from './remember.tsx'

const labels: Readonly<Record<SecretField, string>> = { password: 'Password', token: 'Token', key: 'Client key (PEM)', passphrase: 'Passphrase of the key', registryPassword: 'Registry password' }

/** Asks for what is not remembered of a source's connection, and starts the source again where it left off. */
export function AskSecrets({ source, onDone }: { readonly source: SourceState; readonly onDone: () => void }): ReactNode {
  const [secrets, setSecrets] = useState<Partial<Record<SecretField, string>>>({})
  const remember = useRemember()
  const start = useAction('tail.start', `Starting ${source.name}`)
  const { connection } = source
  if (connection === undefined) return null
  const { user } = fillFields(emptyFields, connection)
  const fields = secretFields(connection)
  const input = (field: SecretField, first: boolean): ReactNode => {
    const common = { size: 'xs', label: field === 'password' && user !== '' ? `Password of ${safeText(user, 60)}` : labels[field], value: secrets[field] ?? '', onChange: (event: { readonly currentTarget: { readonly value: string } }) => setSecrets({ ...secrets, [field]: event.currentTarget.value }), 'data-autofocus': first || undefined } as const
    return field === 'key' ? <Textarea key={field} {...common} autosize minRows={2} maxRows={4} spellCheck={false} placeholder="-----BEGIN …" /> : <PasswordInput key={field} {...common} w={260} autoComplete="off" />
  }
  const begin = (): void => start.mutate({ connection: toConnection({ ...fillFields(emptyFields, connection), ...secrets }), topics: [source.topic], start: { at: 'beginning' }, end: { at: 'never' }, ...remember.choice }, { onSuccess: onDone })
  return (
    <form onSubmit={(event) => { event.preventDefault(); begin() }} aria-label={`Start ${safeText(source.name, 80)} again`}>
      <Stack gap="xs">
        <Text size="xs">{safeText(`${source.name} is read from ${connection.brokers.join(', ')} and goes on where it left off.`, 300)}</Text>
        <Group gap="sm" align="flex-end">
          {fields.map((field, index) => input(field, index === 0))}
          <Button size="xs" type="submit" loading={start.isPending}>Start again</Button>
          <Button size="xs" variant="default" onClick={onDone}>Cancel</Button>
        </Group>
        <Remember {...remember} />
        <FailureNote error={start.error} />
      </Stack>
    </form>
  )
}
