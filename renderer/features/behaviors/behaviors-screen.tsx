import { ActionIcon, Badge, Button, Center, Group, Loader, Menu, SegmentedControl, Stack, Tabs, Text, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDeviceFloppy, IconDots, IconFileAnalytics, IconRoute2, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDebouncedValue, useThrottledCallback } from '@mantine/hooks'
import { useMemo, type ReactNode } from 'react'
import { z } from 'zod'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import { useEngineEvent } from '../../api/context.tsx'
import { useAction, useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount, formatTime } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { useSearchState } from '../../view/search-state.ts'
import { View } from '../../view/view.ts'
import { BehaviorEditor } from './behavior-editor.tsx'
import { BehaviorList } from './behavior-list.tsx'
import { Blocks } from './blocks.tsx'
import { Breakdown } from './breakdown.tsx'
import { Defaults } from './defaults.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import { Funnel } from './funnel.tsx'
import { MatchTable } from './match-table.tsx'
import { MatchVolume } from './match-volume.tsx'
import { durationReturns } from '../../../shared/behavior/expressions.ts'
import { StepTimes } from './step-times.tsx'
import classes from './behaviors.module.css'

const tabs = ['matches', 'steps', 'times', 'trend', 'attributes', 'explain'] as const
const State = z.object({
  behavior: z.string().optional().catch(undefined),
  /** A text that is not saved. */
  draft: z.string().optional().catch(undefined),
  as: z.enum(['text', 'blocks']).optional().catch(undefined),
  tab: z.enum(tabs).optional().catch(undefined),
})
const fewMatches = 300
/** While one types, at most about so many events are searched. */
const sample = 2_000_000

/** Behaviors: what they are, in text and in blocks; how often they happen, to whom, when, and where they break off. */
export function BehaviorsScreen(): ReactNode {
  const [state, setState] = useSearchState(State)
  const queries = useQueryClient()
  const { data: all, error } = useCall('behaviors.list', {})
  const { data: vocabulary } = useCall('behaviors.vocabulary', {})
  // what is not saved does not follow by itself: it is looked for again, now and then, while events come in
  const refresh = useThrottledCallback(() => void queries.invalidateQueries({ predicate: ({ queryKey: [name], state: { fetchStatus } }) => fetchStatus === 'idle' && typeof name === 'string' && ['behaviors.detect', 'behaviors.check', 'behaviors.vocabulary'].includes(name) }), 2500)
  useEngineEvent('pipeline.progress', refresh)
  useEngineEvent('behaviors.changed', () => void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => typeof name === 'string' && name.startsWith('behaviors.') && name !== 'behaviors.vocabulary' }))
  useEngineEvent('job.progress', ({ job }) => {
    if (job.startsWith('behavior ')) void queries.invalidateQueries({ queryKey: ['behaviors.list'] })
  })
  const chosen = state.behavior === undefined && state.draft === undefined ? all?.[0] : all?.find(({ name }) => name === state.behavior)
  const text = state.draft ?? chosen?.text
  if (error !== null) return <FailureNote error={error} />
  if (all === undefined) return <Center h="100%"><Loader /></Center>
  return (
    <div className={classes.layout}>
      <BehaviorList all={all} chosen={chosen?.name} types={vocabulary?.types ?? []} onChoose={(behavior) => setState({ behavior, draft: undefined })} onNew={(draft) => setState({ behavior: undefined, draft })} />
      {text === undefined ? <div className={classes.detail}><EmptyState icon={IconRoute2} title="What do people do?">Describe a sequence of events, and see who did it: begin with a new behavior or one of the examples. What is found, is found in all of the history and in every event that comes.</EmptyState></div>
        : <Detail key={chosen?.name ?? ''} text={text} saved={chosen} vocabulary={vocabulary} state={state} setState={setState} />}
    </div>
  )
}

type Saved = NonNullable<ReturnType<typeof useCall<'behaviors.list'>>['data']>[number]

function Detail({ text, saved, vocabulary, state, setState }: { readonly text: string; readonly saved: Saved | undefined; readonly vocabulary: ReturnType<typeof useCall<'behaviors.vocabulary'>>['data']; readonly state: z.output<typeof State>; readonly setState: (change: Partial<z.output<typeof State>>, options?: { readonly replace?: boolean }) => void }): ReactNode {
  const save = useAction('behaviors.save', 'Saving')
  const remove = useAction('behaviors.remove', 'Removing')
  const run = useAction('behaviors.run', 'Searching all events')
  const isChanged = saved === undefined || text.trim() !== saved.text.trim()
  const [asked] = useDebouncedValue(text, 350)
  const parsed = useMemo(() => parseBehaviors(text), [text])
  const behavior = parsed.file.behaviors.at(-1)
  const { data: problems } = useCall('behaviors.check', { text: asked })
  const errors = parsed.problems.length > 0 || (problems ?? []).some(({ severity }) => severity === 'error')
  // what is saved and up to date is not searched for again
  const isLive = !isChanged && saved.state === 'live'
  const preview = useCall('behaviors.detect', { text: asked, limit: fewMatches, sample }, { enabled: !isLive && !errors && asked === text, label: 'Looking for matches' })
  const stored = useCall('behaviors.matches', { name: saved?.name ?? '', limit: fewMatches, offset: 0 }, { enabled: isLive })
  const found = preview.data?.find(({ detection }) => detection.behavior === behavior?.name) ?? preview.data?.at(-1)
  const counts = isLive ? saved : found?.detection
  const matches = (isLive ? stored.data?.matches : found?.matches) ?? []
  const change = (next: string): void => setState({ behavior: saved?.name, draft: saved !== undefined && next.trim() === saved.text.trim() ? undefined : next }, { replace: true })
  const doSave = (): void => {
    if (errors || !isChanged) return
    save.mutate({ text }, {
      onSuccess: ({ names }) => {
        setState({ behavior: names.at(-1), draft: undefined }, { replace: true })
        notifications.show({ message: `Saved. It follows every event from now on.`, color: 'teal' })
      },
    })
  }
  useKeys('Behaviors', [{ keys: 'mod+S', label: 'Save', run: doSave }])
  const durations = useMemo(() => (behavior === undefined ? new Set<string>() : durationReturns(behavior)), [behavior])
  const fields = behavior?.body.kind === 'sequence' ? behavior.body.by.map(({ path }) => path) : []
  const share = 'share' in (counts ?? {}) ? (counts as { readonly share?: number }).share : undefined
  return (
    <div className={classes.detail}>
      <Group px="sm" py={6} gap="xs" className={classes.bar} justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
          <Text fw={650} className="one-line">{safeText(behavior?.name ?? saved?.name ?? 'New behavior', 80)}</Text>
          {saved !== undefined && <Badge size="xs" variant="default" tt="none">version {saved.version}{saved.foundVersion !== undefined && saved.foundVersion !== saved.version ? `, matches of version ${saved.foundVersion}` : ''}</Badge>}
          {isChanged && <Badge size="xs" color="yellow" variant="light" tt="none">not saved</Badge>}
        </Group>
        <Group gap="xs" wrap="nowrap">
          <SegmentedControl size="xs" aria-label="Show the behavior as" value={state.as ?? 'text'} onChange={(as) => setState({ as: as === 'text' ? undefined : 'blocks' }, { replace: true })} data={[{ label: 'Text', value: 'text' }, { label: 'Blocks', value: 'blocks' }]} />
          {behavior !== undefined && !errors && <Button size="xs" variant="default" leftSection={<IconFileAnalytics size={15} />} renderRoot={(props) => <Link {...props} to="/reports" search={((before: Record<string, unknown>) => ({ ...View.parse(before), of: [behavior.name], ...(isChanged ? { text } : {}) })) as never} />}>Report…</Button>}
          {isChanged && saved !== undefined && <Button size="xs" variant="default" onClick={() => setState({ draft: undefined })}>Revert</Button>}
          <Tooltip label="Ctrl/Cmd + S"><Button size="xs" leftSection={<IconDeviceFloppy size={15} />} disabled={errors || !isChanged} loading={save.isPending} onClick={doSave}>Save</Button></Tooltip>
          {saved !== undefined && (
            <Menu position="bottom-end" shadow="md">
              <Menu.Target><ActionIcon variant="default" size={30} aria-label="More"><IconDots size={16} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => run.mutate({ name: saved.name })}>Search all events again</Menu.Item>
                <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => remove.mutate({ name: saved.name }, { onSuccess: () => setState({ behavior: undefined, draft: undefined }) })}>Remove with its matches</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      <FailureNote error={save.error ?? remove.error ?? run.error} />
      {saved?.failure !== undefined && !isChanged && <FailureNote error={{ code: 'BAD_REQUEST', message: saved.failure }} onRetry={() => run.mutate({ name: saved.name })} />}
      <div className={classes.definition}>
        <div className={classes.text}>
          {state.as === 'blocks' && behavior !== undefined && parsed.problems.length === 0 ? <Blocks text={text} behavior={behavior} vocabulary={vocabulary} onChange={change} />
            : <BehaviorEditor text={text} vocabulary={vocabulary} onChange={change} onSave={doSave} />}
        </div>
        <aside className={classes.side} aria-label="What it finds">
          {counts !== undefined && !errors ? (
            <Group gap="xl" align="flex-start">
              <Figure value={counts.users} what={counts.users === 1 ? 'user' : 'users'} />
              <Figure value={counts.occurrences} what={counts.occurrences === 1 ? 'occurrence' : 'occurrences'} />
              <Figure value={counts.pending} what="pending" hint="An event that breaks them may still come" />
              <Figure value={counts.open} what="open" hint="Begun, and events to come may still complete them" />
            </Group>
          ) : errors ? <Text size="sm" c="dimmed">Mend what is marked, and what it finds shows here.</Text> : <Group gap="xs"><Loader size="xs" /><Text size="sm" c="dimmed">looking for matches</Text></Group>}
          {!errors && <FailureNote error={preview.error} />}
          {counts !== undefined && !errors && <Text size="xs" c="dimmed" mt={4}>{formatCount(counts.events)} events were looked at{share === undefined ? '' : `, one ${fields[0] ?? 'user'} in ${formatCount(Math.round(1 / share))}: a sample, while it is not saved`}{counts.watermark === undefined ? '' : `; certain up to ${formatTime(counts.watermark)}`}{counts.tied > 0 ? `; ${formatCount(counts.tied)} hang on the order of events with the same time` : ''}.</Text>}
          {[...parsed.problems.map(({ message }) => message), ...(parsed.problems.length > 0 ? [] : (problems ?? []).map(({ line, message, suggestion }) => `line ${line}: ${message}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`))].slice(0, 6).map((message) => <Text key={message} size="xs" mt={4} c={errors ? 'red' : 'orange'}>{safeText(message, 200)}</Text>)}
          {behavior !== undefined && <Defaults behavior={behavior} />}
        </aside>
      </div>
      <Tabs value={state.tab ?? 'matches'} onChange={(tab) => setState({ tab: tab === 'matches' ? undefined : ((tab ?? undefined) as (typeof tabs)[number] | undefined) }, { replace: true })} className={classes.results} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="matches">Matches</Tabs.Tab>
          <Tabs.Tab value="steps">Steps</Tabs.Tab>
          <Tabs.Tab value="times">Time between</Tabs.Tab>
          <Tabs.Tab value="trend">Over time</Tabs.Tab>
          <Tabs.Tab value="attributes">By attribute</Tabs.Tab>
          <Tabs.Tab value="explain">Why not?</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="matches" className={classes.panel}>
          {errors ? <Mend /> : counts?.occurrences === 0 ? <Text size="sm" c="dimmed">No match. “Why not?” says for a user what was missing.</Text> : <MatchTable matches={matches} total={counts?.occurrences ?? 0} durations={durations} />}
        </Tabs.Panel>
        <Tabs.Panel value="steps" className={classes.panel}>{errors ? <Mend /> : <Funnel text={asked} name={behavior?.name} />}</Tabs.Panel>
        <Tabs.Panel value="times" className={classes.panel}>{isLive ? <StepTimes name={saved.name} /> : <SaveFirst />}</Tabs.Panel>
        <Tabs.Panel value="trend" className={classes.panel}>{isLive ? <MatchVolume name={saved.name} /> : <SaveFirst />}</Tabs.Panel>
        <Tabs.Panel value="attributes" className={classes.panel}>{isLive ? <Breakdown name={saved.name} /> : <SaveFirst />}</Tabs.Panel>
        <Tabs.Panel value="explain" className={classes.panel}>{errors ? <Mend /> : <ExplainPanel text={asked} name={behavior?.name} fields={fields} durations={durations} />}</Tabs.Panel>
      </Tabs>
    </div>
  )
}

function Figure({ value, what, hint }: { readonly value: number; readonly what: string; readonly hint?: string }): ReactNode {
  const figure = <Stack gap={0}><Text fz={24} fw={650} lh={1.1} className="numeric">{formatCount(value)}</Text><Text size="xs" c="dimmed">{what}</Text></Stack>
  return hint === undefined ? figure : <Tooltip label={hint}>{figure}</Tooltip>
}

function SaveFirst(): ReactNode {
  return <Text size="sm" c="dimmed">Save it, and this is counted over all of its matches.</Text>
}

function Mend(): ReactNode {
  return <Text size="sm" c="dimmed">Mend what is marked first.</Text>
}
