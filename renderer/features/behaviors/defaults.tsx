import { List, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { safeText } from '../../ui/safe-text.ts'

/** What a behavior means where its text says nothing: the rules that change what is counted, in sentences. */
export function Defaults({ behavior }: { readonly behavior: Behavior }): ReactNode {
  const { body } = behavior
  const lines = body.kind === 'population'
    ? [`Confirmed matches of "${safeText(body.base, 60)}" are looked at in order of their ends; one counts for each ${safeText(body.of.path, 40)}.`, 'After a match the search goes on behind it.']
    : [
        `One sequence for each ${body.by.map(({ path }) => safeText(path, 40)).join(' and ')}; events without a value for it take part in none.`,
        'A step takes the earliest later event that fits; what lies between is skipped.',
        body.match === 'every' ? 'From each start, every way to match counts.' : body.match === 'longest' ? 'From each start, the match with the most events counts.' : 'The earliest start wins, with its first match.',
        body.skip === 'overlap' ? 'Matches may overlap: the search goes on behind the first event of a match.' : 'Matches do not overlap: the search goes on behind the last event of a match.',
        'Times given by within are inclusive.',
        ...(body.clauses.some(({ kind }) => kind === 'without') ? ['What must not come is certain when the watermark has passed its time; until then a match is pending.'] : []),
      ]
  return (
    <>
      <Text size="xs" fw={600} c="dimmed" mt="sm">What it means</Text>
      <List size="xs" c="dimmed" spacing={1}>{lines.map((line) => <List.Item key={line}>{line}</List.Item>)}</List>
    </>
  )
}
