import { Anchor, Button, Text } from '@mantine/core'
import { IconLayoutRows } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { useStream } from '../../api/use-stream.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { useSearchState } from '../../view/search-state.ts'
import { useView } from '../../view/view.ts'
import { Arranged } from './arranged.tsx'
import { readSlice } from './read-slice.ts'
import { defaults, SequencesState } from './state.ts'

/** Whose sequences come first when only so many are loaded. */
const descending = { recent: true, activity: true, first: false, key: false } as const

/** Many users under each other: their sequences as colored strips, aligned, sorted and grouped. */
export function SequencesScreen(): ReactNode {
  const { filter } = useView()
  const [state, setState] = useSearchState(SequencesState)
  const { users = defaults.users, load = defaults.load, per = defaults.per } = state
  const { data: info } = useCall('workspace.info', {})
  const { data: table, error, isFetching, isPlaceholderData, refetch } = useStream('sequences.slice', { filter, sort: load, descending: descending[load], users, eventsPerUser: per }, { enabled: (info?.events ?? 0) > 0, label: 'Loading sequences', keepMs: 5000 })
  const slice = useMemo(() => (table === undefined ? undefined : readSlice(table)), [table])
  if (info?.events === 0) {
    return (
      <EmptyState icon={IconLayoutRows} title="No sequences yet" actions={<Button component={Link} to="/start" size="sm">Get some events</Button>}>
        Here many users lie under each other, each as a strip of its events. Connect to a topic, open a file or try the demo shop first.
      </EmptyState>
    )
  }
  return (
    <div className="screen">
      <FailureNote error={error} onRetry={() => void refetch()} />
      {slice === undefined && error === null && <Text size="sm" c="dimmed" p="md" role="status">Loading the sequences; the status bar says how many events have come.</Text>}
      {slice !== undefined && slice.keys.length === 0 && <EmptyState icon={IconLayoutRows} title="No user has an event in this filter">Widen the time range or clear the filter above. Events without a key belong to no sequence; they are in <Anchor component={Link} to="/live" size="sm">Live</Anchor>.</EmptyState>}
      {slice !== undefined && slice.keys.length > 0 && <Arranged slice={slice} state={state} setState={setState} reading={isFetching} stale={isPlaceholderData} onReload={() => void refetch()} />}
    </div>
  )
}
