import { Button, Checkbox, Group, Paper, Progress, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { toFailure } from '../../../shared/errors.ts'
import type { FileOptions } from '../../../shared/model/file.ts'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import { useEngineEvent, useHost } from '../../api/context.tsx'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { MappingEditor } from './mapping-editor.tsx'
import { SamplePreview } from './sample-preview.tsx'

/** A file: how it is read, what comes of it, and into the workspace. */
export function FileImport({ path, onChoose }: { readonly path: string | undefined; readonly onChoose: (path: string) => void }): ReactNode {
  const host = useHost()
  const navigate = useNavigate()
  const [file, setFile] = useState<FileOptions>({})
  const [problem, setProblem] = useState<unknown>(undefined)
  const [edited, setEdited] = useState<{ readonly path: string; readonly mapping: Mapping } | undefined>(undefined)
  const [force, setForce] = useState(false)
  const [progress, setProgress] = useState<SourcePipeline | undefined>(undefined)
  const { data: sample, error, refetch } = useCall('file.sample', { path: path ?? '', file, count: 100 }, { enabled: path !== undefined, label: 'Reading the file' })
  const start = useAction('file.import', 'Importing')
  const finished = useAction('tail.finished', 'Importing')
  const source = start.data?.source
  useEngineEvent('pipeline.progress', (state) => state.source === source && setProgress(state))
  const mapping = edited !== undefined && edited.path === path ? edited.mapping : sample?.guess.mapping

  const pick = async (): Promise<void> => {
    try {
      const chosen = await host.pickFile()
      if (chosen !== undefined) onChoose(chosen)
    } catch (failure) {
      setProblem(failure)
    }
  }
  const importIt = (): void => {
    if (path === undefined || mapping === undefined) return
    start.mutate({ path, file, mapping, force }, { onSuccess: ({ source: name }) => finished.mutate({ source: name }, { onSuccess: () => void navigate({ to: '/timelines' }) }) })
  }
  const isThereAlready = start.error !== null && toFailure(start.error).code === 'ALREADY_IMPORTED'
  return (
    <Paper p="md" radius="md">
      <Stack gap="sm">
        <Group gap="xs" align="flex-end">
          <TextInput size="xs" label="File" placeholder="a path on this machine, or choose one" flex={1} defaultValue={path ?? ''} key={path} onKeyDown={(event) => event.key === 'Enter' && onChoose(event.currentTarget.value)} />
          <Button size="xs" variant="default" onClick={() => void pick()}>Choose…</Button>
          <Select size="xs" w={130} label="Format" data={[{ value: 'csv', label: 'CSV' }, { value: 'ndjson', label: 'NDJSON' }, { value: 'parquet', label: 'Parquet' }]} placeholder="by its name" value={file.format ?? null} onChange={(format) => setFile(format === null ? {} : { ...file, format })} clearable />
        </Group>
        <FailureNote error={problem ?? error} onRetry={() => void refetch()} />
        {path !== undefined && sample !== undefined && mapping !== undefined && (
          <>
            <Title order={4}>How is it read?</Title>
            <MappingEditor mapping={mapping} guess={sample.guess} onChange={(next) => setEdited({ path, mapping: next })} />
            <SamplePreview records={sample.records} mapping={mapping} topic={path} />
            <Group gap="sm">
              <Button onClick={importIt} loading={start.isPending || finished.isPending}>Import</Button>
              {(isThereAlready || force) && <Checkbox size="xs" label="import it again all the same" checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />}
              {progress !== undefined && <Group gap="xs" flex={1}><Progress flex={1} value={progress.total === undefined ? 100 : (100 * progress.events) / Math.max(1, progress.total)} animated={progress.total === undefined} aria-label="Import" /><Text size="xs" className="numeric">{formatCount(progress.events)} events{progress.deadLetters > 0 ? `, ${formatCount(progress.deadLetters)} dead letters` : ''}</Text></Group>}
            </Group>
            <FailureNote error={start.error ?? finished.error} />
          </>
        )}
        {path === undefined && <Text size="xs" c="dimmed">{safeText('CSV, NDJSON and Parquet are read. Dropping a file anywhere on the window does the same. Nothing is stored before you say so.')}</Text>}
      </Stack>
    </Paper>
  )
}
