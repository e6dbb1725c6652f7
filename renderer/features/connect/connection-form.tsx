import { Alert, Button, Collapse, Group, PasswordInput, Select, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconClipboardText } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { StoredConnection } from '../../../shared/model/connection.ts'
import { useAction } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { fillFields, type ConnectionFields, type Mechanism } from './connection-fields.ts'

const mechanisms: { readonly value: Mechanism; readonly label: string }[] = [
  { value: 'none', label: 'no password' },
  { value: 'plain', label: 'SASL PLAIN' },
  { value: 'scram-sha-256', label: 'SCRAM-SHA-256' },
  { value: 'scram-sha-512', label: 'SCRAM-SHA-512' },
  { value: 'oauthbearer', label: 'OAUTHBEARER, token' },
  { value: 'oauthbearer-client-credentials', label: 'OAUTHBEARER, client credentials' },
]

/** Four fields for most clusters, everything else folded away, and a place to paste what one has at hand. */
export function ConnectionForm({ fields, presets, onChange }: { readonly fields: ConnectionFields; readonly presets: readonly { readonly name: string; readonly connection: StoredConnection }[]; readonly onChange: (fields: ConnectionFields) => void }): ReactNode {
  const [more, { toggle }] = useDisclosure()
  const [pasting, { toggle: togglePaste }] = useDisclosure()
  const set = (change: Partial<ConnectionFields>): void => onChange({ ...fields, ...change })
  const text = (name: keyof ConnectionFields, label: string, rest: { readonly placeholder?: string; readonly disabled?: boolean } = {}): ReactNode => <TextInput size="xs" label={label} value={String(fields[name])} onChange={(event) => set({ [name]: event.currentTarget.value })} {...rest} />
  const secret = (name: keyof ConnectionFields, label: string, rest: { readonly disabled?: boolean } = {}): ReactNode => <PasswordInput size="xs" label={label} autoComplete="off" value={String(fields[name])} onChange={(event) => set({ [name]: event.currentTarget.value })} {...rest} />
  const isOpen = fields.mechanism === 'none'
  const pem = (name: keyof ConnectionFields, label: string): ReactNode => <Textarea size="xs" label={label} placeholder="-----BEGIN …" autosize minRows={2} maxRows={4} spellCheck={false} value={String(fields[name])} onChange={(event) => set({ [name]: event.currentTarget.value })} />
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Button size="compact-xs" variant="light" leftSection={<IconClipboardText size={14} />} onClick={togglePaste} aria-expanded={pasting}>Paste a config snippet</Button>
        {presets.length > 0 && <Select size="xs" w={220} placeholder="as a source of this workspace" aria-label="Connection of a source" data={presets.map(({ name }) => ({ value: name, label: safeText(name, 60) }))} value={null} onChange={(name) => { const preset = presets.find((one) => one.name === name); if (preset !== undefined) onChange(fillFields(fields, preset.connection)) }} />}
      </Group>
      <Collapse expanded={pasting}><Paste onFill={(connection) => onChange(fillFields(fields, connection))} /></Collapse>
      <SimpleGrid cols={2} spacing="xs">
        {text('brokers', 'Brokers', { placeholder: 'broker-1:9092, broker-2:9092' })}
        <Group gap="xs" grow>
          <Select size="xs" label="Security" data={[{ value: 'plain', label: 'no TLS' }, { value: 'tls', label: 'TLS' }]} value={fields.security} onChange={(security) => set({ security: security ?? 'plain' })} allowDeselect={false} />
          <Select size="xs" label="Login" data={mechanisms} value={fields.mechanism} onChange={(mechanism) => set({ mechanism: mechanism ?? 'none' })} allowDeselect={false} />
        </Group>
        {fields.mechanism === 'oauthbearer' ? secret('token', 'Token') : text('user', fields.mechanism === 'oauthbearer-client-credentials' ? 'Client id' : 'User', isOpen ? { disabled: true, placeholder: 'choose a login first' } : {})}
        {fields.mechanism === 'oauthbearer' ? <span /> : secret('password', fields.mechanism === 'oauthbearer-client-credentials' ? 'Client secret' : 'Password', { disabled: isOpen })}
      </SimpleGrid>
      <Button size="compact-xs" variant="subtle" color="gray" w="fit-content" onClick={toggle} aria-expanded={more}>{more ? 'Less' : 'Certificates, OAuth, schema registry…'}</Button>
      <Collapse expanded={more}>
        <Stack gap="xs">
          <SimpleGrid cols={2} spacing="xs">
            {text('tokenEndpoint', 'OAuth token endpoint', { placeholder: 'https://…' })}
            {text('scope', 'OAuth scope')}
            {pem('ca', 'Certificate authority (PEM); the system’s where empty')}
            {pem('cert', 'Client certificate (PEM)')}
            {pem('key', 'Client key (PEM)')}
            <Stack gap="xs">{secret('passphrase', 'Passphrase of the key')}{text('servername', 'Server name, where it differs')}</Stack>
            {text('registryUrl', 'Schema registry', { placeholder: 'https://…' })}
            {text('registryUser', 'Registry user')}
            {secret('registryPassword', 'Registry password')}
            {secret('registryToken', 'Registry token')}
          </SimpleGrid>
          <Switch size="xs" label="Accept any certificate" checked={fields.insecure} onChange={(event) => set({ insecure: event.currentTarget.checked })} />
        </Stack>
      </Collapse>
      {fields.insecure && fields.security === 'tls' && <Alert color="orange" variant="light" p="xs" icon={<IconAlertTriangle size={16} />}>Any certificate is accepted: whoever sits between here and the broker can read and change everything.</Alert>}
    </Stack>
  )
}

function Paste({ onFill }: { readonly onFill: (connection: Parameters<typeof fillFields>[1]) => void }): ReactNode {
  const [text, setText] = useState('')
  const parse = useAction('connection.parse', 'Reading the snippet')
  const read = (pasted: string): void => {
    setText(pasted)
    if (pasted.trim() !== '') parse.mutate({ text: pasted }, { onSuccess: ({ connection }) => onFill(connection as Parameters<typeof fillFields>[1]) })
  }
  return (
    <Stack gap={4}>
      <Textarea size="xs" aria-label="Config snippet" placeholder="client.properties, librdkafka, kcat or Confluent Cloud" autosize minRows={3} maxRows={8} spellCheck={false} value={text} onChange={(event) => read(event.currentTarget.value)} />
      <FailureNote error={parse.error} />
      {parse.data?.notes.map((note) => <Text key={note} size="xs" c="dimmed">{safeText(note, 400)}</Text>)}
      {parse.data?.files.map(({ field, path }) => <Text key={field} size="xs" c="orange">{safeText(`${field} is in the file ${path}, which is not read from here: paste its text below.`, 400)}</Text>)}
    </Stack>
  )
}
