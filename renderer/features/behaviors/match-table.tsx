import { ActionIcon, Badge, Group, Text, Tooltip } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconTimelineEvent } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment, useState, type ReactNode } from 'react'
import { formatDuration as formatMicros } from '../../../shared/behavior/duration.ts'
import type { Match } from '../../../shared/model/match.ts'
import { formatCount, formatDuration, formatTime, toMillis } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './behaviors.module.css'

/** Matches with their events; each opens in the timeline of its user. `total` counts those that are not shown as well; `durations` names returned values that are microseconds. */
export function MatchTable({ matches, total, durations, children }: { readonly matches: readonly Match[]; readonly total: number; readonly durations?: ReadonlySet<string>; readonly children?: ReactNode }): ReactNode {
  const [open, setOpen] = useState<number>()
  const names = Object.keys(matches[0]?.returns ?? {})
  const keys = Object.keys(matches[0]?.key ?? {})
  return (
    <>
      <table className={classes.table}>
        <thead><tr><th aria-label="Events" />{keys.map((name) => <th key={name}>{safeText(name, 40)}</th>)}<th>state</th><th>first event</th><th>took</th><th>steps</th>{names.map((name) => <th key={name}>{safeText(name, 40)}</th>)}<th aria-label="Timeline" /></tr></thead>
        <tbody>
          {matches.map((match, index) => (
            <Fragment key={`${match.steps[0]?.position.topic ?? ''} ${match.steps.map(({ position }) => `${position.partition}@${position.offset}`).join()} ${index}`}>
              <tr data-open={open === index || undefined}>
                <td><ActionIcon size="xs" variant="subtle" color="gray" aria-label={open === index ? 'Hide its events' : 'Show its events'} aria-expanded={open === index} onClick={() => setOpen(open === index ? undefined : index)}>{open === index ? <IconChevronDown size={13} /> : <IconChevronRight size={13} />}</ActionIcon></td>
                {keys.map((name) => <td key={name}><bdi className="record-text">{safeText(String(match.key[name] ?? ''), 60)}</bdi></td>)}
                <td>{match.until === undefined ? 'confirmed' : <Tooltip label={`An event that breaks it may still come; certain when the watermark has passed ${formatTime(match.until)}`}><Badge size="xs" color="yellow" variant="light" tt="none">pending</Badge></Tooltip>}{match.tied && <Tooltip label="Two of its events have the same time: it hangs on their order"><Badge size="xs" variant="default" tt="none" ml={4}>tie</Badge></Tooltip>}</td>
                <td className="numeric">{formatTime(match.start)}</td>
                <td className="numeric">{formatDuration(toMillis(match.end) - toMillis(match.start))}</td>
                <td className="one-line" style={{ maxWidth: 260 }}>{safeText(match.steps.map(({ label }) => label).join(' → '), 100)}</td>
                {names.map((name) => <td key={name} className="numeric"><bdi>{shown(match.returns[name], durations?.has(name) === true)}</bdi></td>)}
                <td><TimelineLink match={match} /></td>
              </tr>
              {open === index && <tr data-open><td /><td colSpan={keys.length + names.length + 5}><Events match={match} /></td></tr>}
            </Fragment>
          ))}
        </tbody>
      </table>
      <Group justify="space-between" mt="xs"><Text size="xs" c="dimmed" role="status">{matches.length < total ? `The first ${formatCount(matches.length)} of ${formatCount(total)} are shown.` : matches.length === 0 ? '' : `${formatCount(total)} in all.`}</Text>{children}</Group>
    </>
  )
}

function shown(value: Match['returns'][string] | undefined, isDuration: boolean): string {
  if (value === null || value === undefined) return '–'
  return isDuration && typeof value === 'number' ? `${value < 0 ? '−' : ''}${formatMicros(Math.abs(value))}` : safeText(String(value), 60)
}

function Events({ match }: { readonly match: Match }): ReactNode {
  return (
    <ol style={{ margin: '2px 0 6px', paddingLeft: 18 }}>
      {match.steps.map(({ label, type, time, source, position }, index) => {
        const before = match.steps[index - 1]
        return (
          <li key={`${source} ${position.partition} ${position.offset} ${index}`}>
            <b>{safeText(label, 40)}</b> <bdi>{safeText(type, 60)}</bdi> <span className="numeric">{formatTime(time)}</span>
            {before !== undefined && <Text span size="xs" c="dimmed"> +{formatDuration(toMillis(time) - toMillis(before.time))}</Text>}
            <Text span size="xs" c="dimmed" className="mono"> {safeText(position.topic, 40)}/{position.partition}@{String(position.offset)}</Text>
          </li>
        )
      })}
    </ol>
  )
}

/** Opens the timeline of a match's user where the match is, with its events marked. */
function TimelineLink({ match }: { readonly match: Match }): ReactNode {
  const user = match.key.user ?? match.key.key ?? Object.values(match.key)[0]
  if (user === undefined || user === null) return null
  const search = { user: String(user), at: toMillis(match.start), marks: match.steps.map(({ label, position, source }) => [label, source, position.partition, String(position.offset)]) }
  return <Tooltip label="Open in the timeline"><ActionIcon size="xs" variant="subtle" component={Link} to="/timelines" search={search as never} aria-label="Open in the timeline"><IconTimelineEvent size={14} /></ActionIcon></Tooltip>
}
