import { Tabs, Text } from '@mantine/core'
import { IconAlertCircle, IconBulb } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useSearchState } from '../../view/search-state.ts'
import { useView } from '../../view/view.ts'
import classes from './discover.module.css'
import { FindingDrawer } from './finding-drawer.tsx'
import { PathsTab } from './paths-tab.tsx'
import { RecurringTab } from './recurring-tab.tsx'
import { SequencesTab } from './sequences-tab.tsx'
import { DiscoverState, type Kind, type TabProps } from './state.ts'
import { UndoTab } from './undo-tab.tsx'

const tabs: readonly { readonly kind: Kind; readonly name: string; readonly about: string; readonly Tab: (props: TabProps) => ReactNode }[] = [
  { kind: 'sequences', name: 'Sequences', about: 'What many do one after the other, and more often than it would come about by chance.', Tab: SequencesTab },
  { kind: 'undo', name: 'Add and undo', about: 'What people do and take back: how often, and how soon.', Tab: UndoTab },
  { kind: 'recurring', name: 'Recurring', about: 'What comes back every hour, day or week, and what should have come and did not.', Tab: RecurringTab },
  { kind: 'paths', name: 'Paths', about: 'What comes after an event, or before it, and where people stop.', Tab: PathsTab },
]

/** Discover: behaviors that nobody has asked for. */
export function DiscoverScreen(): ReactNode {
  const [state, setState] = useSearchState(DiscoverState)
  const { filter } = useView()
  const { data: info } = useCall('workspace.info', {})
  const chosen = state.tab ?? tabs[0]?.kind ?? 'recurring'
  const ignored = [filter.sources !== undefined && 'sources', filter.keys !== undefined && 'users', filter.text !== undefined && 'text', filter.types !== undefined && chosen !== 'sequences' && 'types'].filter((name) => name !== false)
  if (info?.events === 0) return <EmptyState icon={IconBulb} title="What nobody has asked for">Once there are events, this looks through all of them for what many do, what they take back, what comes at a period, and where they go.</EmptyState>
  return (
    <>
      <Tabs value={chosen} onChange={(tab) => setState({ tab: (tab ?? undefined) as Kind | undefined, finding: undefined })} keepMounted={false} className={classes.screen}>
        <Tabs.List>{tabs.map(({ kind, name }) => <Tabs.Tab key={kind} value={kind}>{name}</Tabs.Tab>)}</Tabs.List>
        {tabs.map(({ kind, about, Tab }) => (
          <Tabs.Panel key={kind} value={kind} className={classes.panel}>
            <Text size="sm" className={classes.about}>{about}{ignored.length > 0 && <Text span size="xs" c="dimmed"> <IconAlertCircle size={12} /> Of the filter only the time counts here, not its {ignored.join(', ')}.</Text>}</Text>
            <Tab state={state} setState={setState} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <FindingDrawer behavior={state.finding} onClose={() => setState({ finding: undefined })} />
    </>
  )
}
