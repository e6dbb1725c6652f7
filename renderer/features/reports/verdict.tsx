import { Group, List, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Verification } from '../../../shared/report/export.ts'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './reports.module.css'

const verdicts = {
  proven: { icon: IconCircleCheck, title: 'Proven', color: 'light-dark(#087f5b, #12a677)' },
  different: { icon: IconCircleX, title: 'Different', color: 'light-dark(#c92a2a, #ff8787)' },
  gone: { icon: IconAlertTriangle, title: 'Cannot be counted again', color: 'light-dark(#b35900, #ffc078)' },
} as const

/** Whether a report still says what its positions give: every number is the same, some are not, or part of the events is gone. */
export function Verdict({ answer, file }: { readonly answer: Verification; readonly file: string }): ReactNode {
  const { verdict, title, compared, differences, moreDifferences, gone, notes } = answer
  const { icon: Shape, title: heading, color } = verdicts[verdict]
  const count = differences.length + moreDifferences
  const said = {
    proven: `Counted again from the recorded positions: all ${formatCount(compared)} numbers and texts are what the file says.`,
    different: count === 0 ? `The ${formatCount(compared)} numbers are what their positions give, but the document does not say what its data says.` : `${formatCount(count)} of ${formatCount(compared)} numbers and texts ${count === 1 ? 'is' : 'are'} not what the recorded positions give now.`,
    gone: 'Part of the events that it was counted from is no longer in this workspace, so nothing was compared.',
  }[verdict]
  return (
    <section className={classes.verdict} data-verdict={verdict} aria-label="Result" role="status">
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap" align="center">
          <Shape size={26} color={color} aria-hidden />
          <Title order={2} fz={20}>{heading}</Title>
        </Group>
        <Text size="sm">{said}</Text>
        <Text size="xs" c="dimmed">“{safeText(title, 300)}”, {safeText(file, 200)}</Text>
        {gone.length > 0 && <List size="sm" aria-label="What is gone">{gone.map((line) => <List.Item key={line}>{safeText(line, 600)}</List.Item>)}</List>}
        {differences.length > 0 && (
          <Table fz="xs" verticalSpacing={3} aria-label="Differences">
            <Table.Thead><Table.Tr><Table.Th>Where</Table.Th><Table.Th>The file says</Table.Th><Table.Th>It is</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {differences.map(({ where, recorded, now }) => (
                <Table.Tr key={where}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{safeText(where, 300)}</Table.Td>
                  <Table.Td className="numeric" style={{ overflowWrap: 'anywhere' }}>{safeText(recorded, 300)}</Table.Td>
                  <Table.Td className="numeric" style={{ overflowWrap: 'anywhere' }}><b>{safeText(now, 300)}</b></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {moreDifferences > 0 && <Text size="xs" c="dimmed">And {formatCount(moreDifferences)} more.</Text>}
        {notes.length > 0 && <List size="xs" c="dimmed">{notes.map((note) => <List.Item key={note}>{safeText(note, 600)}</List.Item>)}</List>}
      </Stack>
    </section>
  )
}
