import { Alert, Button, Center, Group, Loader, MultiSelect, NumberInput, Progress, TagsInput, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconFileAnalytics, IconFileExport } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { toFailure } from '../../../shared/errors.ts'
import { ReportRequest } from '../../../shared/report/model.ts'
import { useAction, useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { saveFile } from '../../ui/save-file.ts'
import { ExportedFiles } from './exported-files.tsx'
import { Formats } from './formats.tsx'
import { Preview } from './preview.tsx'
import { PrivacyFields } from './privacy-fields.tsx'
import { SaveMenu } from './save-menu.tsx'
import { SectionList } from './section-list.tsx'
import { defaultExamples, defaultFormats, toRequest, type ReportState, type SetReportState } from './state.ts'
import { fieldsOf, subjectsOf } from './subjects.ts'
import { TemplateMenu } from './template-menu.tsx'
import { useCounting } from './use-counting.ts'
import { useReportProgress } from './use-report-progress.ts'
import { Words } from './words.tsx'
import classes from './reports.module.css'

/** Builds a report: of which behaviors, with which sections and words, what is kept private; beside it the report as it will be. */
export function Builder({ state, setState, mode }: { readonly state: ReportState; readonly setState: SetReportState; readonly mode: ReactNode }): ReactNode {
  const { data: saved, error } = useCall('behaviors.list', {})
  const { data: sources } = useCall('sources.list', {})
  const { data: info } = useCall('workspace.info', {})
  const [folder, setFolder] = useState('')
  const subjects = useMemo(() => subjectsOf(state, saved ?? []), [state, saved])
  const attributes = useMemo(() => [...new Set((sources ?? []).flatMap(({ mapping }) => mapping.attributes.map(({ name }) => name)))], [sources])
  const fields = useMemo(() => [...new Set(['user', ...fieldsOf(subjects, attributes)])], [subjects, attributes])
  const counting = useCounting(state, saved === undefined ? [] : subjects.chosen)
  const write = useAction('reports.export', 'Exporting the report')
  const pdf = useAction('reports.pdf', 'Printing a PDF')
  const done = useReportProgress(counting.isCounting || write.isPending)
  const formats = state.formats ?? defaultFormats
  if (error !== null) return <FailureNote error={error} />
  if (saved === undefined) return <Center h="100%"><Loader /></Center>
  const label = (name: string): string => `${safeText(name, 100)}${subjects.all.some((one) => one.name === name && one.isSaved) ? '' : ' (not saved)'}`
  const doExport = (): void => write.mutate({ request: ReportRequest.parse(toRequest(state, subjects.chosen)), formats: [...formats], ...(folder.trim() === '' ? {} : { folder: folder.trim() }) })
  const { report } = counting
  const isEmpty = subjects.chosen.length === 0
  return (
    <div className={classes.layout}>
      <aside className={classes.side} aria-label="What the report is made of">
        <div className={classes.mode}>{mode}</div>
        <div className={classes.form}>
          <MultiSelect size="xs" label="Behaviors" data={subjects.all.map(({ name }) => ({ value: name, label: label(name) }))} value={[...subjects.chosen]} onChange={(of) => setState({ of })} maxValues={20} searchable placeholder={isEmpty ? 'choose one or several' : ''} nothingFoundMessage="No behavior has this name." hidePickedOptions comboboxProps={{ shadow: 'md' }} />
          {subjects.missing.length > 0 && <Alert color="orange" variant="light" p="xs" icon={<IconAlertTriangle size={16} />}>Not in this workspace: {subjects.missing.map((name) => safeText(name, 80)).join(', ')}.</Alert>}
          <Words label="Title" value={state.title} placeholder={subjects.chosen.join(', ')} limit={300} onChange={(title) => setState({ title }, { replace: true })} />
          <Words label="Notes" value={state.notes} placeholder="what the reader should know first" limit={20_000} isLong onChange={(notes) => setState({ notes }, { replace: true })} />
          <SectionList state={state} setState={setState} />
          <TagsInput size="xs" label="Counted by" data={attributes} value={state.attributes ?? []} onChange={(next) => setState({ attributes: next.length === 0 ? undefined : next }, { replace: true })} maxTags={20} placeholder={(state.attributes ?? []).length === 0 ? 'attributes that say most' : ''} comboboxProps={{ shadow: 'md' }} />
          <NumberInput size="xs" label="Examples" min={0} max={50} allowDecimal={false} value={state.examples ?? defaultExamples} onChange={(value) => setState({ examples: typeof value === 'number' && value !== defaultExamples ? value : undefined }, { replace: true })} />
          <PrivacyFields state={state} setState={setState} fields={fields} />
          <Formats chosen={formats} onChange={(next) => setState({ formats: next }, { replace: true })} />
          <TextInput size="xs" label="Folder" placeholder={info === undefined ? '' : `${info.path}/reports`} value={folder} onChange={(event) => setFolder(event.currentTarget.value)} maxLength={4096} spellCheck={false} />
        </div>
        <div className={classes.foot}>
          {write.isPending ? (
            <Group gap="sm" wrap="nowrap" role="status">
              <Progress flex={1} value={done} size="sm" animated aria-label="How far the export is" />
              <Button size="xs" variant="default" onClick={write.cancel}>Cancel</Button>
            </Group>
          ) : <Button size="sm" leftSection={<IconFileExport size={16} />} disabled={isEmpty || formats.length === 0} onClick={doExport} fullWidth>Export {formats.length === 1 ? '1 format' : `${formats.length} formats`}</Button>}
        </div>
      </aside>
      <div className={classes.main}>
        <Group className={classes.bar} justify="space-between" wrap="nowrap" gap="xs">
          <Text size="xs" c="dimmed" role="status" className="one-line">{counting.isCounting ? 'Counting…' : report === undefined ? '' : 'The report as its reader will see it'}</Text>
          <Group gap="xs" wrap="nowrap">
            {counting.isCounting && <Button size="compact-xs" variant="default" onClick={counting.cancel}>Cancel</Button>}
            <TemplateMenu state={state} setState={setState} subjects={subjects} />
            <SaveMenu report={counting.isCurrent ? report : undefined} isPrinting={pdf.isPending} onPdf={(document, name) => pdf.mutate({ document }, { onSuccess: ({ bytes }) => saveFile(name, 'application/pdf', [new Uint8Array(bytes)]) })} />
          </Group>
        </Group>
        <FailureNote error={write.error} onRetry={doExport} />
        {write.error !== null && toFailure(write.error).code === 'CANCELLED' && <Alert color="gray" variant="light" p="xs" withCloseButton closeButtonLabel="Close" onClose={write.reset} role="status">The export was cancelled. Files that were finished before it are whole, and no others were written.</Alert>}
        <FailureNote error={pdf.error} />
        {write.data !== undefined && !write.isPending && <ExportedFiles files={write.data.files} onClose={write.reset} />}
        <div className={classes.stage}>
          {counting.isCounting && <Progress className={classes.progress} value={done} size="xs" radius={0} animated aria-label="How far the report is counted" />}
          {isEmpty ? (
            <EmptyState icon={IconFileAnalytics} title="A report that proves itself" actions={subjects.all.length === 0 ? <Button size="xs" renderRoot={(props) => <Link {...props} to="/behaviors" />}>Describe a behavior</Button> : undefined}>
              {subjects.all.length === 0 ? 'Describe and save a behavior. Here it becomes a document for people who never open the app, with every number bound to the events that it was counted from.' : 'Choose a behavior. The report shows here as its reader will see it.'}
            </EmptyState>
          ) : counting.error !== null ? <div style={{ padding: 14 }}><FailureNote error={counting.error} onRetry={counting.again} /></div>
            : report !== undefined ? <Preview report={report} />
              : !counting.isCounting && <EmptyState icon={IconFileAnalytics} title="Not counted" actions={<Button size="xs" variant="default" onClick={counting.again}>Count it</Button>}>The counting was cancelled.</EmptyState>}
        </div>
      </div>
    </div>
  )
}
