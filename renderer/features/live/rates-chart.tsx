import { Center, Text } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { Area, AreaChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { useCall } from '../../api/use-call.ts'
import { useStream } from '../../api/use-stream.ts'
import { toVolume } from '../../charts/volume/resolution.ts'
import { formatClock, formatRate, formatShort, toMillis } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useTypes } from '../../view/use-types.ts'
import { useView } from '../../view/view.ts'

const windowMs = 300_000
const resolutionMs = 2000
/** A chart tells so many types apart; the rest is one area. */
const mostTypes = 10

/** Events a second by type over the five minutes before the newest event, by event time. */
export function RatesChart(): ReactNode {
  const { filter } = useView()
  const types = useTypes()
  const { data: info } = useCall('workspace.info', {}, { refetchMs: 2000 })
  const last = info?.last === undefined ? undefined : Math.ceil(toMillis(info.last) / resolutionMs) * resolutionMs
  const { data } = useStream('events.volume', { filter: { ...filter, from: BigInt((last ?? 0) - windowMs) * 1000n, to: BigInt(last ?? 0) * 1000n }, resolution: BigInt(resolutionMs) * 1000n }, { enabled: last !== undefined, label: 'Counting events' })
  const { points, names } = useMemo(() => {
    const [bucket, type, events] = data === undefined ? [] : columnsOf(data)
    if (data === undefined || bucket === undefined || type === undefined || events === undefined || last === undefined) return { points: [], names: [] }
    const volume = toVolume(Array.from({ length: data.numRows }, (_, row) => ({ bucket: toMillis(cellAt(bucket.values, 'time', row) as bigint), type: String(cellAt(type.values, 'text', row)), events: Number(cellAt(events.values, 'integer', row)) })))
    const shown = volume.types.slice(0, mostTypes)
    const place = new Map([...volume.buckets].map((time, index) => [time, index]))
    const series = Array.from({ length: windowMs / resolutionMs }, (_, index) => {
      const time = last - windowMs + index * resolutionMs
      const at = place.get(time)
      const rate = (counts: Float64Array | undefined): number => (at === undefined ? 0 : (counts?.[at] ?? 0) / (resolutionMs / 1000))
      const others = volume.counts.slice(mostTypes).reduce((sum, counts) => sum + rate(counts), 0)
      return { time, others, ...Object.fromEntries(shown.map((_, order) => [`t${order}`, rate(volume.counts[order])])) }
    })
    return { points: series, names: shown }
  }, [data, last])
  if (points.length === 0) return <Center h="100%"><Text size="sm" c="dimmed">No events yet.</Text></Center>
  const axis = { stroke: 'var(--mantine-color-dimmed)', fontSize: 11 }
  return (
    <div style={{ height: '100%' }} role="img" aria-label="Events per second by type over the last five minutes of event time">
      <ResponsiveContainer>
        <AreaChart data={points} margin={{ top: 6, right: 12, bottom: 0, left: 0 }}>
          <XAxis dataKey="time" type="number" domain={['dataMin', 'dataMax']} tickFormatter={(time: number) => formatClock(time)} {...axis} />
          <YAxis width={46} tickFormatter={(rate: number) => formatShort(rate)} {...axis} />
          <Tooltip labelFormatter={(time) => formatClock(Number(time))} formatter={(rate) => formatRate(Number(rate))} contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--mantine-color-default-border)', fontSize: 12 }} />
          {names.map((name, order) => <Area key={name} dataKey={`t${order}`} name={safeText(name, 60)} stackId="rate" stroke={types.color(name)} fill={types.color(name)} fillOpacity={0.75} isAnimationActive={false} type="step" />)}
          <Area dataKey="others" name="all other types" stackId="rate" stroke="var(--mantine-color-dimmed)" fill="var(--mantine-color-dimmed)" isAnimationActive={false} type="step" />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}
