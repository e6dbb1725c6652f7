import { Anchor, Button, Center, Loader, Progress, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { IconHelpHexagon } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import { useEngineEvent } from '../../api/context.tsx'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatMinute } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useSearchState } from '../../view/search-state.ts'
import { useView } from '../../view/view.ts'
import { AnswerPage } from './answer-page.tsx'
import { Knowledge } from './knowledge.tsx'
import { WhyState } from './state.ts'
import classes from './why.module.css'

/** Why: what distinguishes those who show a behavior from those who had the chance, or a region of a chart from the rest. */
export function WhyScreen(): ReactNode {
  const [state, setState] = useSearchState(WhyState)
  const { data: behaviors, error } = useCall('behaviors.list', {})
  const { data: sources } = useCall('sources.list', {})
  const attributes = [...new Set((sources ?? []).flatMap(({ mapping }) => mapping.attributes.map(({ name }) => name)))]
  const names = (behaviors ?? []).map(({ name }) => name)
  const unsaved = state.region === true || state.text === undefined ? undefined : parseBehaviors(state.text).file.behaviors.at(-1)?.name
  const chosen = state.region === true || unsaved !== undefined ? undefined : (names.find((name) => name === state.behavior) ?? names[0])
  if (error !== null) return <FailureNote error={error} />
  if (behaviors === undefined) return <Center h="100%"><Loader /></Center>
  return (
    <div className={classes.layout}>
      <Stack className={classes.side} gap="sm">
        <SegmentedControl size="xs" aria-label="Ask about" value={state.region === true ? 'region' : 'behavior'} onChange={(value) => setState({ region: value === 'region' || undefined })} data={[{ label: 'A behavior', value: 'behavior' }, { label: 'A region', value: 'region' }]} fullWidth />
        {state.region === true ? <Text size="xs" c="dimmed">Which users have events in the time and of the types that the filter selects, and what distinguishes them from the other users of that time?</Text> : (
          <>
            <Select size="xs" label="Why do people show" placeholder={unsaved === undefined ? 'no behavior is saved' : `${safeText(unsaved, 60)}, not saved`} data={names} value={chosen ?? null} onChange={(behavior) => setState({ behavior: behavior ?? undefined, text: undefined, against: undefined })} allowDeselect={false} disabled={names.length === 0} />
            <Select size="xs" label="Compared with" data={[{ value: '', label: 'all who had the chance' }, ...names.filter((name) => name !== chosen).map((name) => ({ value: name, label: `those who show ${name}` }))]} value={state.against ?? ''} onChange={(against) => setState({ against: against === '' || against === null ? undefined : against })} allowDeselect={false} />
          </>
        )}
        <Knowledge state={state} setState={setState} attributes={attributes} />
      </Stack>
      <div className={classes.main}>
        {state.region === true ? <Region state={state} /> : unsaved !== undefined ? <Behavior key={state.text} name={unsaved} text={state.text} state={state} /> : chosen !== undefined ? <Behavior key={chosen} name={chosen} state={state} />
          : <EmptyState icon={IconHelpHexagon} title="Why do they do it?" actions={<Button size="xs" renderRoot={(props) => <Link {...props} to="/behaviors" />}>Describe a behavior</Button>}>Describe and save a behavior. Here you see what distinguishes those who show it from those who had the chance: what they did before, what they bought, when it was.</EmptyState>}
      </div>
    </div>
  )
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

function Behavior({ name, text, state: { against, country, dates, context } }: { readonly name: string; readonly text?: string | undefined; readonly state: WhyState }): ReactNode {
  const { data, error, isFetching, refetch } = useCall('why.ask', { name, ...(text === undefined ? {} : { text }), knowledge: { context: context ?? [], zone, ...(country === undefined ? {} : { country }), ...(dates === undefined ? {} : { dates }) }, ...(against === undefined ? {} : { against }) }, { label: `Asking why: ${name}` })
  return (
    <>
      {isFetching && <Asking />}
      <FailureNote error={error} onRetry={() => void refetch()} />
      {data !== undefined && error === null && <AnswerPage answer={data} title={against === undefined ? `What goes with “${name}”` : `“${name}” rather than “${against}”`} {...(text === undefined ? { behavior: name } : {})} />}
    </>
  )
}

function Region({ state: { context } }: { readonly state: WhyState }): ReactNode {
  const { filter, view } = useView()
  const isChosen = filter.from !== undefined && filter.to !== undefined
  const { data, error, isFetching, refetch } = useCall('why.different', { region: filter, knowledge: { context: context ?? [] } }, { enabled: isChosen, label: 'Asking what is different' })
  if (!isChosen) return <EmptyState icon={IconHelpHexagon} title="What is different here?" actions={<Anchor size="sm" renderRoot={(props) => <Link {...props} to="/live" search={((before: Record<string, unknown>) => before) as never} />}>Brush a region of the volume</Anchor>}>Select a time in a chart or in the filter above, and event types if only some matter. The users with such events are compared with the other users of that time.</EmptyState>
  return (
    <>
      {isFetching && <Asking />}
      <FailureNote error={error} onRetry={() => void refetch()} />
      {data !== undefined && error === null && <AnswerPage answer={data} title={`What is different from ${formatMinute(view.from ?? 0)} to ${formatMinute(view.to ?? 0)}${view.types === undefined || view.types.length === 0 ? '' : `: ${view.types.join(', ')}`}`} />}
    </>
  )
}

/** How far the question is; the status bar can cancel it. */
function Asking(): ReactNode {
  const [done, setDone] = useState(0)
  useEngineEvent('job.progress', (progress) => {
    if (progress.job === 'why') setDone(progress.done)
  })
  return <Progress value={Math.max(4, done)} size="xs" radius={0} animated aria-label="How far the question is" />
}
