import { Group, Text } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { FoundUndo } from '../../../shared/model/discovery.ts'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useView } from '../../view/view.ts'
import { Answer, Notes } from './answer.tsx'
import { Choice } from './choices.tsx'
import classes from './discover.module.css'
import { FindingList, FindingRow } from './finding-list.tsx'
import type { TabProps } from './state.ts'
import { TypeChips } from './type-chips.tsx'
import { useAttributes } from './use-attributes.ts'

/** Pairs of event types of which the second takes the first back. */
export function UndoTab({ state, setState }: TabProps): ReactNode {
  const { filter: { from, to } } = useView()
  const attributes = useAttributes()
  const query = useCall('discover.undo', { ...(state.same === undefined ? {} : { attributes: [state.same] }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, { label: 'Looking for what is undone' })
  return (
    <>
      <Group className={classes.controls} gap="md">
        <Choice label="On the same" width={170} value={state.same ?? ''} options={[['', 'attribute, any'], ...attributes.map((name) => [name, safeText(name, 40)] as const)]} onChange={(value) => setState({ same: value === '' ? undefined : value }, { replace: true })} />
      </Group>
      <div className={classes.results}>
        <Answer call="discover.undo" query={query}>
          {({ undos, tried, events, notes }) => {
            const longest = Math.max(1, ...undos.map(({ times }) => times.at(-1) ?? 0))
            return (
              <>
                {undos.length === 0 ? <EmptyState icon={IconArrowBackUp} title="Nothing is taken back">{formatCount(tried)} pairs of event types were tried in {formatCount(events)} events. A pair shows where one type hardly comes without another before it, on the same value of an attribute.</EmptyState> : (
                  <FindingList label="What is added and undone" summary={<><b>{formatCount(undos.length)}</b> found, of {formatCount(tried)} pairs of event types that were tried.</>} csv={{ name: 'undo', head: ['attribute', 'first', 'undo', 'pairs', 'undone', 'share', 'users', 'needs', 'p10_s', 'median_s', 'p90_s', 'behavior'], rows: () => undos.map(({ attribute, first, undo, pairs, undone, share, users, needs, times, behavior }) => [attribute, first, undo, pairs, undone, share, users, needs, ...times.map((time) => time / 1e6), behavior]) }}>
                    {undos.map((found) => <Undo key={found.behavior} found={found} longest={longest} isOpen={state.finding === found.behavior} onOpen={() => setState({ finding: found.behavior })} />)}
                  </FindingList>
                )}
                <Notes notes={notes} />
              </>
            )
          }}
        </Answer>
      </div>
    </>
  )
}

function Undo({ found: { attribute, first, undo, pairs, undone, share, users, needs, times: [early = 0, median = 0, late = 0] }, longest, isOpen, onOpen }: { readonly found: FoundUndo; readonly longest: number; readonly isOpen: boolean; readonly onOpen: () => void }): ReactNode {
  const at = (time: number): string => `${(100 * Math.log1p(time / 1e6)) / Math.log1p(longest / 1e6)}%`
  const words = (time: number): string => formatDuration(time / 1000)
  return (
    <FindingRow name={safeText(`${first}, undone by ${undo}, on the same ${attribute}`, 200)} isOpen={isOpen} onOpen={onOpen}>
      <div className={classes.columns}>
        <div>
          <Group gap={6}><TypeChips types={[first, undo]} arrow="undone by" /></Group>
          <Text size="xs" c="dimmed" mt={4}>on the same <b><bdi>{safeText(attribute, 60)}</bdi></b>; {formatShare(needs)} of the undoing had the first before it</Text>
        </div>
        <div>
          <Text size="sm">half of it within <b>{words(median)}</b></Text>
          <div className={classes.range} role="img" aria-label={`between ${words(early)} and ${words(late)} for 80 of 100, ${words(median)} in the middle`}>
            <i style={{ left: at(early), right: `calc(100% - ${at(late)})` }} /><b style={{ left: at(median) }} />
          </div>
          <Text size="xs" c="dimmed">8 of 10 between {words(early)} and {words(late)}</Text>
        </div>
        <div className={classes.figure}>
          <b>{formatShare(share)}</b>
          <span>is taken back: {formatCount(undone)} of {formatCount(pairs)},<br />by {formatCount(users)} users</span>
        </div>
      </div>
    </FindingRow>
  )
}
