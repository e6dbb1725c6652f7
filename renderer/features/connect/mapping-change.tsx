import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { SourceState } from '../../../shared/model/workspace.ts'
import { useEngineEvent } from '../../api/context.tsx'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { MappingEditor } from './mapping-editor.tsx'
import { SamplePreview } from './sample-preview.tsx'
import classes from './connect.module.css'

const sampleRecords = 100

/** The mapping of a source that is there already: seen on its newest records, changed, and its whole history decoded anew. */
export function MappingChange({ source, onClose }: { readonly source: SourceState; readonly onClose: () => void }): ReactNode {
  const [mapping, setMapping] = useState<Mapping>(source.mapping)
  const [progress, setProgress] = useState<{ readonly done: number; readonly total?: number | undefined } | undefined>(undefined)
  const { data: sample, error } = useCall('source.sample', { source: source.name, count: sampleRecords })
  const change = useAction('mapping.change', `Decoding ${source.name} anew`)
  useEngineEvent('job.progress', ({ job, done, total }) => job === `mapping ${source.name}` && setProgress({ done, total }))
  const queries = useQueryClient()
  // users, types and events are others from now on
  const begin = (): void => change.mutate({ source: source.name, mapping }, { onSuccess: () => void queries.invalidateQueries() })
  const isSame = JSON.stringify(mapping) === JSON.stringify(source.mapping)
  return (
    <Modal opened onClose={onClose} size={1080} title={`How is ${safeText(source.name, 60)} read?`} closeOnClickOutside={isSame} closeOnEscape={isSame}>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">The original bytes of every record are kept, so another mapping is applied to the whole history without asking the source again. Until it is done, everything stays as it is.</Text>
        <FailureNote error={error} />
        {sample !== undefined && (
          <>
            <MappingEditor mapping={mapping} guess={sample.guess} onChange={setMapping} />
            <SamplePreview records={sample.records} mapping={mapping} topic={source.topic} />
          </>
        )}
        <FailureNote error={change.error} />
        {change.data !== undefined && <Text size="sm" role="status">Done: {formatCount(change.data.events)} events, {formatCount(change.data.dead)} dead letters.</Text>}
        <Group gap="sm" className={classes.actions}>
          {change.data === undefined && <Button onClick={begin} loading={change.isPending} disabled={sample === undefined || isSame}>Decode {formatCount(source.events + source.deadLetters)} records anew</Button>}
          <Button variant="default" onClick={change.isPending ? change.cancel : onClose}>{change.isPending ? 'Cancel' : 'Close'}</Button>
          {change.isPending && progress?.total !== undefined && <Group gap="xs" flex={1}><Progress flex={1} value={(100 * progress.done) / Math.max(1, progress.total)} aria-label="Decoding anew" /><Text size="xs" className="numeric">{formatCount(progress.done)} of {formatCount(progress.total)}</Text></Group>}
        </Group>
      </Stack>
    </Modal>
  )
}
