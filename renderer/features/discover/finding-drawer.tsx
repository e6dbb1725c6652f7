import { ActionIcon, Button, Code, Drawer, Group, Loader, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconDeviceFloppy, IconHelpHexagon, IconTimelineEvent } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Match } from '../../../shared/model/match.ts'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount, formatDuration, toMillis } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { EventInspector } from '../../view/event-inspector.tsx'
import { useTypes } from '../../view/use-types.ts'
import { View } from '../../view/view.ts'
import classes from './discover.module.css'

const mostMatches = 200

/** Who is behind a finding: its behavior, detected in the stored events, with every user's events and their bytes. */
export function FindingDrawer({ behavior, onClose }: { readonly behavior: string | undefined; readonly onClose: () => void }): ReactNode {
  return (
    <Drawer opened={behavior !== undefined} onClose={onClose} position="right" size={620} title="Who does it, event by event" closeButtonProps={{ 'aria-label': 'Close' }} overlayProps={{ backgroundOpacity: 0.15 }}>
      {behavior !== undefined && <Behind key={behavior} behavior={behavior} />}
    </Drawer>
  )
}

function Behind({ behavior }: { readonly behavior: string }): ReactNode {
  const { data, error, refetch } = useCall('behaviors.detect', { text: behavior, limit: mostMatches }, { label: 'Looking for matches' })
  const found = data?.at(-1)
  const body = useMemo(() => parseBehaviors(behavior).file.behaviors.at(-1)?.body, [behavior])
  // who had the chance to is only told of what has a first step and more
  const hasSteps = body?.kind === 'sequence' && body.clauses.length > 0
  return (
    <>
      <Code block fz="xs" className={classes.behavior}>{behavior.trim()}</Code>
      <Group gap="xs" my="xs">
        <Button size="xs" leftSection={<IconDeviceFloppy size={15} />} renderRoot={(props) => <Link {...props} to="/behaviors" search={((before: Record<string, unknown>) => ({ ...View.parse(before), draft: behavior })) as never} />}>Save as behavior…</Button>
        {hasSteps && <Button size="xs" variant="default" leftSection={<IconHelpHexagon size={15} />} renderRoot={(props) => <Link {...props} to="/why" search={((before: Record<string, unknown>) => ({ ...View.parse(before), text: behavior })) as never} />}>Why?</Button>}
      </Group>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Group gap="xs"><Loader size="xs" /><Text size="sm" c="dimmed">Looking for its users</Text></Group>}
      {found !== undefined && (
        <>
          <Text size="sm" mb={6} role="status"><b>{formatCount(found.detection.occurrences)}</b> {found.detection.occurrences === 1 ? 'occurrence' : 'occurrences'} in all of the history{found.matches.length < found.detection.occurrences ? `; the first ${formatCount(found.matches.length)} are here` : ''}. Choose an event to see it whole.</Text>
          <ul className={classes.matches} aria-label="Matches">{found.matches.map((match, index) => <MatchItem key={index} match={match} />)}</ul>
        </>
      )}
    </>
  )
}

/** More events of one match than this are not read. */
const mostSteps = 40

function MatchItem({ match }: { readonly match: Match }): ReactNode {
  const { color } = useTypes()
  const [open, setOpen] = useState<number>()
  const step = open === undefined ? undefined : match.steps[open]
  const user = match.key.user ?? match.key.key
  return (
    <li className={classes.match}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" className="one-line"><b><bdi>{safeText(Object.values(match.key).map(String).join(' · '), 80)}</bdi></b> <Text span size="xs" c="dimmed"><TimeText time={match.start} />{match.steps.length > 1 ? `, took ${formatDuration(toMillis(match.end) - toMillis(match.start))}` : ''}{match.until === undefined ? '' : ', pending'}</Text></Text>
        {user !== undefined && user !== null && (
          <Tooltip label="Open in the timeline">
            <ActionIcon size="sm" variant="light" component={Link} to="/timelines" search={{ user: String(user), at: toMillis(match.start), marks: match.steps.map(({ label, position, source }) => [label, source, position.partition, String(position.offset)]) } as never} aria-label="Open in the timeline"><IconTimelineEvent size={15} /></ActionIcon>
          </Tooltip>
        )}
      </Group>
      <div className={classes.steps}>
        {match.steps.slice(0, mostSteps).map(({ type, time }, index) => (
          <UnstyledButton key={index} className={classes.chip} aria-expanded={open === index} onClick={() => setOpen(open === index ? undefined : index)}>
            <i style={{ background: color(type) }} /><bdi>{safeText(type, 60)}</bdi>
            {index > 0 && <Text span size="xs" c="dimmed" className="numeric">+{formatDuration(toMillis(time) - toMillis(match.steps[index - 1]?.time ?? time))}</Text>}
          </UnstyledButton>
        ))}
        {match.steps.length > mostSteps && <Text span size="xs" c="dimmed">and {formatCount(match.steps.length - mostSteps)} more</Text>}
      </div>
      {step !== undefined && <div className={classes.event}><EventInspector source={step.source} position={step.position} /></div>}
    </li>
  )
}
