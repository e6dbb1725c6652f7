import { useElementSize } from '@mantine/hooks'
import { useMemo, useState, type ReactNode } from 'react'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { useEngineEvent } from '../../api/context.tsx'
import { useCall } from '../../api/use-call.ts'
import { useStream } from '../../api/use-stream.ts'
import type { TimeSpan } from '../../charts/volume/brush.ts'
import { chooseResolution, toVolume, wholeBuckets } from '../../charts/volume/resolution.ts'
import { VolumeHistogram } from '../../charts/volume/volume-histogram.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { toMillis } from '../../ui/format.ts'
import { useTypes } from '../../view/use-types.ts'
import { useView } from '../../view/view.ts'

const pixelsABucket = 7
/** While events come in the histogram is counted anew so often, in milliseconds. */
const refreshMs = 4000

/** The volume of what the filter selects, counted by the engine in as many buckets as there are pixels for. */
export function VolumePanel({ selection, onSelect }: { readonly selection: TimeSpan | undefined; readonly onSelect: (selection: TimeSpan | undefined) => void }): ReactNode {
  const { ref, width } = useElementSize()
  const { view, filter } = useView()
  const types = useTypes()
  const { data: info } = useCall('workspace.info', {})
  const [moving, setMoving] = useState(false)
  useEngineEvent('pipeline.progress', ({ state }) => setMoving(state === 'reading' || state === 'caught_up'))
  const first = view.from ?? (info?.first === undefined ? undefined : toMillis(info.first))
  const last = view.to !== undefined ? view.to - 1 : info?.last === undefined ? undefined : toMillis(info.last)
  const range = first === undefined || last === undefined ? undefined : Math.max(1000, last - first)
  const resolution = range === undefined || width === 0 ? undefined : chooseResolution(range, Math.max(20, Math.floor(width / pixelsABucket)))
  const { data, error, refetch } = useStream('events.volume', { filter, resolution: BigInt(Math.round(resolution ?? 1000)) * 1000n }, { enabled: resolution !== undefined, label: 'Counting events', refetchMs: moving ? refreshMs : undefined })
  const volume = useMemo(() => {
    if (data === undefined) return undefined
    const [bucket, type, events] = columnsOf(data)
    if (bucket === undefined || type === undefined || events === undefined) return undefined
    return toVolume(Array.from({ length: data.numRows }, (_, row) => ({ bucket: toMillis(cellAt(bucket.values, 'time', row) as bigint), type: String(cellAt(type.values, 'text', row)), events: Number(cellAt(events.values, 'integer', row)) })))
  }, [data])
  const domain = useMemo(() => (first === undefined || last === undefined || resolution === undefined ? undefined : wholeBuckets(first, last, resolution)), [first, last, resolution])
  return (
    <div ref={ref} style={{ height: '100%' }}>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {volume !== undefined && domain !== undefined && resolution !== undefined && <VolumeHistogram volume={volume} resolution={resolution} domain={domain} selection={selection} color={types.color} onSelect={onSelect} />}
    </div>
  )
}
