import { Group, Pill, Switch, Text } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Paths } from '../../../shared/model/discovery.ts'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useTypes } from '../../view/use-types.ts'
import { useView } from '../../view/view.ts'
import { Answer, Notes } from './answer.tsx'
import { Choice } from './choices.tsx'
import classes from './discover.module.css'
import { FindingList, FindingRow } from './finding-list.tsx'
import { nameOf, Sankey } from './sankey.tsx'
import type { DiscoverState, TabProps } from './state.ts'
import { TypeChips } from './type-chips.tsx'

const usual = 4
/** So many of the types behind `other` are shown by themselves when it is expanded. */
const mostExpanded = 30

/** What comes after a type of event, or before it: as a drawing whose columns add up, and as ranked variants. */
export function PathsTab({ state, setState }: TabProps): ReactNode {
  const { filter: { from, to } } = useView()
  const { list } = useTypes()
  const names = list.map(({ type }) => type)
  const { direction = 'from', unit = 'session', steps = usual, hidden = [], expanded = [], repeats = false } = state
  const type = state.start ?? names[0]
  const query = useCall('discover.paths', { type: type ?? '', direction, unit, steps, hidden, expanded, collapse: !repeats, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, { enabled: type !== undefined, label: 'Looking for paths' })
  const change = (next: Partial<DiscoverState>): void => setState(next)
  const units = unit === 'user' ? 'users' : 'sessions'
  if (type === undefined) return <EmptyState icon={IconRoute} title="No events yet">Paths show here once there are events.</EmptyState>
  return (
    <>
      <Group className={classes.controls} gap="md">
        <Choice label="Paths" width={90} value={direction} options={[['from', 'from'], ['to', 'to']]} onChange={(value) => change({ direction: value === 'from' ? undefined : 'to' })} />
        <Choice label="event" width={180} value={type} options={[...new Set([...names, type])].map((name) => [name, safeText(name, 60)])} onChange={(start) => change({ start })} />
        <Choice label="of" width={96} value={unit} options={[['session', 'sessions'], ['user', 'users']]} onChange={(value) => change({ unit: value === 'session' ? undefined : 'user' })} />
        <Choice label="Steps" width={64} value={String(steps)} options={Array.from({ length: 10 }, (_, at) => [String(at + 1), String(at + 1)])} onChange={(value) => change({ steps: Number(value) === usual ? undefined : Number(value) })} />
        <Switch size="xs" label="Repeats count as one" checked={!repeats} onChange={(event) => change({ repeats: event.currentTarget.checked ? undefined : true })} />
        {hidden.map((name) => <Pill key={name} withRemoveButton onRemove={() => change({ hidden: hidden.length === 1 ? undefined : hidden.filter((one) => one !== name) })} removeButtonProps={{ 'aria-label': `Show ${safeText(name, 60)} again`, 'aria-hidden': false, tabIndex: 0 }}>hidden: {safeText(name, 40)}</Pill>)}
        {expanded.length > 0 && <Pill withRemoveButton onRemove={() => change({ expanded: undefined })} removeButtonProps={{ 'aria-label': 'Put the rarer types together again', 'aria-hidden': false, tabIndex: 0 }}>other is expanded</Pill>}
      </Group>
      <div className={classes.results}>
        <Answer call="discover.paths" query={query}>
          {(paths) => paths.population === 0 ? <EmptyState icon={IconRoute} title="No path">No user has {safeText(type, 60)} in the time that is selected.</EmptyState> : (
            <div className={classes.paths}>
              <div style={{ minWidth: 0 }}>
                <Text size="sm" c="dimmed" role="status" mb={8}><b>{formatCount(paths.population)}</b> {units} {direction === 'from' ? `from their first ${safeText(type, 60)} on` : `up to their last ${safeText(type, 60)}`}. Every column adds up to them. Click a bar to hide it, expand it or start there.</Text>
                <Sankey paths={paths} reverse={direction === 'to'} units={units} onHide={(name) => change({ hidden: [...hidden, name] })} onStart={(start) => change({ start, hidden: undefined, expanded: undefined })} onExpand={(shown) => change({ expanded: [...new Set([...expanded, ...names.filter((name) => !shown.includes(name))])].slice(0, mostExpanded) })} />
                <LinkTable paths={paths} units={units} reverse={direction === 'to'} />
                <Notes notes={paths.notes} />
              </div>
              <FindingList label="Most common paths" summary={<>{formatCount(paths.variants.length)} most common of {formatCount(paths.distinct)} different paths</>} csv={{ name: 'paths', head: ['path', 'ended', units, 'share', 'behavior'], rows: () => paths.variants.map(({ types, ended, units: count, share, behavior }) => [types.join(' → '), ended, count, share, behavior]) }}>
                {paths.variants.map((variant) => (
                  <FindingRow key={variant.behavior} name={safeText(variant.types.join(', then '), 200)} isOpen={state.finding === variant.behavior} onOpen={() => change({ finding: variant.behavior })}>
                    <TypeChips types={variant.types} more={variant.ended ? (direction === 'from' ? 'then ends' : undefined) : '…'} />
                    <Text size="sm" mt={3}><b>{formatShare(variant.share)}</b> <Text span size="xs" c="dimmed">{formatCount(variant.units)} {units}</Text></Text>
                  </FindingRow>
                ))}
              </FindingList>
            </div>
          )}
        </Answer>
      </div>
    </>
  )
}

/** The bands of the drawing as a table, for those who do not see it, and for exact numbers. */
function LinkTable({ paths: { columns, links }, units, reverse }: { readonly paths: Paths; readonly units: string; readonly reverse: boolean }): ReactNode {
  return (
    <details className={classes.details}>
      <summary>Every band as a table, with the time between</summary>
      <table className={classes.table} aria-label="Steps of the paths">
        <thead><tr><th>step</th><th>{reverse ? 'before' : 'from'}</th><th>{reverse ? 'came from' : 'to'}</th><th>{units}</th><th>half within</th></tr></thead>
        <tbody>{links.map(({ column, from, to, units: count, median }) => <tr key={`${column} ${from} ${to}`}><td>{column + 1}</td><td><bdi>{nameOf(columns[column]?.[from], reverse)}</bdi></td><td><bdi>{nameOf(columns[column + 1]?.[to], reverse)}</bdi></td><td>{formatCount(count)}</td><td>{median === undefined ? '–' : formatDuration(median / 1000)}</td></tr>)}</tbody>
      </table>
    </details>
  )
}
