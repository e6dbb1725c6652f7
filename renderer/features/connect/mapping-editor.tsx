import { ActionIcon, Autocomplete, Badge, Button, Group, Select, Stack, Table, Text, TextInput, Tooltip } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Attribute, AttributeType, Guess, Mapping, MappingGuess, TimeFormat } from '../../../shared/model/mapping.ts'
import { safeText } from '../../ui/safe-text.ts'

const timeFormats: { readonly value: TimeFormat; readonly label: string }[] = [{ value: 'iso', label: 'ISO 8601' }, { value: 'epoch_s', label: 'epoch seconds' }, { value: 'epoch_ms', label: 'epoch milliseconds' }, { value: 'epoch_us', label: 'epoch microseconds' }, { value: 'epoch_ns', label: 'epoch nanoseconds' }]
const attributeTypes: AttributeType[] = ['text', 'integer', 'number', 'boolean', 'time']

/** Which field is the key, the type and the time, and which are attributes: guessed, with the reason, and each to be corrected. */
export function MappingEditor({ mapping, guess, onChange }: { readonly mapping: Mapping; readonly guess: MappingGuess; readonly onChange: (mapping: Mapping) => void }): ReactNode {
  const paths = [...new Set([...guess.attributes.map(({ path }) => path), ...[...guess.key, ...guess.type, ...guess.time].map(({ path }) => path), '$key', '$topic', '$broker_time'])]
  const field = (name: 'key' | 'type' | 'time', label: string, about: string): ReactNode => {
    const reason = guess[name].find(({ path }) => path === mapping[name])
    return (
      <Table.Tr>
        <Table.Td w={70}><Tooltip label={about}><Text size="xs" fw={650}>{label}</Text></Tooltip></Table.Td>
        <Table.Td w={260}><Autocomplete size="xs" aria-label={label} data={ordered(guess[name], paths)} value={mapping[name]} onChange={(path) => onChange({ ...mapping, [name]: path })} /></Table.Td>
        <Table.Td w={170}>{name === 'time' && <Select size="xs" aria-label="Form of the time" data={timeFormats} value={mapping.timeFormat} onChange={(timeFormat) => timeFormat !== null && onChange({ ...mapping, timeFormat })} allowDeselect={false} />}</Table.Td>
        <Table.Td><Reason guess={reason} /></Table.Td>
      </Table.Tr>
    )
  }
  const change = (index: number, part: Partial<Attribute>): void => onChange({ ...mapping, attributes: mapping.attributes.map((one, at) => (at === index ? { ...one, ...part } : one)) })
  const unused = guess.attributes.filter(({ path }) => !mapping.attributes.some((one) => one.path === path))
  return (
    <Stack gap="xs">
      <Table verticalSpacing={3} horizontalSpacing={6} withRowBorders={false} aria-label="Mapping">
        <Table.Tbody>
          {field('key', 'Key', 'What ties events into one sequence; for most topics the user')}
          {field('type', 'Type', 'What kind of event it is')}
          {field('time', 'Time', 'When it happened')}
        </Table.Tbody>
      </Table>
      <Text size="xs" fw={650}>Attributes <Text span size="xs" c="dimmed">become typed columns: to filter, to compare, to ask why</Text></Text>
      <Table verticalSpacing={2} horizontalSpacing={6} withRowBorders={false} aria-label="Attributes">
        <Table.Tbody>
          {mapping.attributes.map((attribute, index) => (
            <Table.Tr key={index}>
              <Table.Td w={200}><TextInput size="xs" aria-label="Name of the attribute" value={attribute.name} onChange={(event) => change(index, { name: event.currentTarget.value })} /></Table.Td>
              <Table.Td w={260}><Autocomplete size="xs" aria-label="Where the attribute is taken from" data={paths} value={attribute.path} onChange={(path) => change(index, { path })} /></Table.Td>
              <Table.Td w={110}><Select size="xs" aria-label="Type of the attribute" data={attributeTypes} value={attribute.type} onChange={(type) => type !== null && change(index, { type })} allowDeselect={false} /></Table.Td>
              <Table.Td><Group gap={6} wrap="nowrap"><Reason guess={guess.attributes.find(({ path }) => path === attribute.path)} /><ActionIcon size="sm" variant="subtle" color="gray" ml="auto" aria-label={`Remove ${attribute.name}`} onClick={() => onChange({ ...mapping, attributes: mapping.attributes.filter((_, at) => at !== index) })}><IconTrash size={14} /></ActionIcon></Group></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap={6}>
        {unused.slice(0, 12).map(({ name, path, type }) => <Button key={path} size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} onClick={() => onChange({ ...mapping, attributes: [...mapping.attributes, { name, path, type }] })}>{safeText(name, 40)}</Button>)}
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />} onClick={() => onChange({ ...mapping, attributes: [...mapping.attributes, { name: `field_${mapping.attributes.length + 1}`, path: paths[0] ?? '$key', type: 'text' }] })}>another field</Button>
      </Group>
    </Stack>
  )
}

function ordered(guesses: readonly Guess[], paths: readonly string[]): string[] {
  return [...new Set([...guesses.map(({ path }) => path), ...paths])]
}

/** The reason begins with the path in backticks, which stands in the field beside it already. */
function withoutPath(reason: string): string {
  return reason.replace(/^`[^`]*`: /, '').replaceAll('`', '')
}

function Reason({ guess }: { readonly guess: Pick<Guess, 'confidence' | 'reason'> | undefined }): ReactNode {
  if (guess === undefined) return <Text size="xs" c="dimmed">your choice</Text>
  return (
    <Group gap={6} wrap="nowrap">
      <Badge size="xs" variant="light" color={guess.confidence > 0.7 ? 'teal' : guess.confidence > 0.4 ? 'yellow' : 'orange'} style={{ flex: 'none' }}>{Math.round(guess.confidence * 100)}%</Badge>
      <Text size="xs" c="dimmed" className="record-text">{safeText(withoutPath(guess.reason), 200)}</Text>
    </Group>
  )
}
