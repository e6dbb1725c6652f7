import { Group, Switch, Text } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { FoundSequence } from '../../../shared/model/discovery.ts'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useView } from '../../view/view.ts'
import { Answer, Notes } from './answer.tsx'
import { Choice } from './choices.tsx'
import classes from './discover.module.css'
import { FindingList, FindingRow } from './finding-list.tsx'
import type { DiscoverState, TabProps } from './state.ts'
import { TypeChips } from './type-chips.tsx'
import { useAttributes } from './use-attributes.ts'

const supports = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const
const usual = 0.05
const gaps = [['', 'at any time'], ['60000000', 'within 1 minute'], ['600000000', 'within 10 minutes'], ['3600000000', 'within 1 hour'], ['86400000000', 'within 1 day'], ['604800000000', 'within 7 days']] as const

/** Sequences that many share, the most surprising first. */
export function SequencesTab({ state, setState }: TabProps): ReactNode {
  const { filter: { from, to, types } } = useView()
  const attributes = useAttributes()
  const { unit = 'session', support = usual, shape = 'closed', maxGap, same, repeats = false } = state
  const query = useCall('discover.sequences', { unit, support, shape, collapse: !repeats, ...(maxGap === undefined ? {} : { maxGap: BigInt(maxGap) }), ...(same === undefined ? {} : { same }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(types === undefined ? {} : { types }) }, { label: 'Looking for common sequences' })
  const change = (next: Partial<DiscoverState>): void => setState(next, { replace: true })
  const units = same === undefined ? `${unit}s` : `${unit}–${safeText(same, 40)} pairs`
  return (
    <>
      <Group className={classes.controls} gap="md">
        <Choice label="Shared by at least" width={80} value={String(support)} options={[...new Set([...supports, support])].sort((a, b) => a - b).map((share) => [String(share), formatShare(share)])} onChange={(value) => change({ support: Number(value) === usual ? undefined : Number(value) })} />
        <Choice label="of all" width={96} value={unit} options={[['session', 'sessions'], ['user', 'users']]} onChange={(value) => change({ unit: value === 'session' ? undefined : 'user' })} />
        <Choice label="Each step" width={140} value={maxGap === undefined ? '' : String(maxGap)} options={gaps} onChange={(value) => change({ maxGap: value === '' ? undefined : Number(value) })} />
        <Choice label="about" width={130} value={same ?? ''} options={[['', 'anything'], ...attributes.map((name) => [name, `the same ${safeText(name, 40)}`] as const)]} onChange={(value) => change({ same: value === '' ? undefined : value })} />
        <Choice label="Show" width={200} value={shape} options={[['closed', 'no part of an equal one'], ['maximal', 'only the longest'], ['all', 'all of them']]} onChange={(value) => change({ shape: value === 'closed' ? undefined : (value as 'all' | 'maximal') })} />
        <Switch size="xs" label="Repeats count as one" checked={!repeats} onChange={(event) => change({ repeats: event.currentTarget.checked ? undefined : true })} />
      </Group>
      <div className={classes.results}>
        <Answer call="discover.sequences" query={query}>
          {({ sequences, population, patterns, minSupport, notes }) => (
            <>
              {sequences.length === 0 ? <EmptyState icon={IconListSearch} title="No sequence is that common">No sequence of two or more events is shared by {formatCount(minSupport)} of the {formatCount(population)} {units}. Ask for a lower share, for whole users instead of sessions, or for steps at any time.</EmptyState> : (
                <FindingList label="Common sequences" summary={<><b>{formatCount(sequences.length)}</b> most surprising of {formatCount(patterns)} sequences that at least {formatCount(minSupport)} of {formatCount(population)} {units} share.</>} csv={{ name: 'sequences', head: ['sequence', units, 'share', 'expected', 'lift', 'median_s', 'behavior'], rows: () => sequences.map((found) => [found.types.join(' → '), found.units, found.share, found.expected, found.lift, found.median / 1e6, found.behavior]) }}>
                  {sequences.map((found) => <Sequence key={found.behavior} found={found} units={units} most={Math.max(...sequences.map((one) => Math.max(one.units, one.expected)))} isOpen={state.finding === found.behavior} onOpen={() => setState({ finding: found.behavior })} />)}
                </FindingList>
              )}
              <Notes notes={notes} />
            </>
          )}
        </Answer>
      </div>
    </>
  )
}

function Sequence({ found: { types, units: count, share, expected, lift, median }, units, most, isOpen, onOpen }: { readonly found: FoundSequence; readonly units: string; readonly most: number; readonly isOpen: boolean; readonly onOpen: () => void }): ReactNode {
  return (
    <FindingRow name={safeText(types.join(', then '), 200)} isOpen={isOpen} onOpen={onOpen}>
      <div className={classes.columns}>
        <TypeChips types={types} />
        <div>
          <Text size="sm"><b>{formatCount(count)}</b> {units} ({formatShare(share)}), half of them within {formatDuration(median / 1000)}</Text>
          <div className={classes.bars} role="img" aria-label={`${formatCount(count)} found, ${formatCount(Math.round(expected))} expected`}>
            <i data-as="found" style={{ width: `${(100 * count) / most}%` }} />
            <i data-as="expected" style={{ width: `${(100 * expected) / most}%` }} />
          </div>
          <Text size="xs" c="dimmed" mt={2}>{formatCount(Math.round(expected))} expected by chance</Text>
        </div>
        <div className={classes.figure}>
          <b>{lift >= 10 ? formatCount(lift) : lift.toFixed(1)}×</b>
          <span>{lift >= 1.05 ? 'more often than by chance' : lift <= 0.95 ? 'of what chance would give' : 'as often as by chance'}</span>
        </div>
      </div>
    </FindingRow>
  )
}
