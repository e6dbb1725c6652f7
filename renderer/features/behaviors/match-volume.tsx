import { Loader, Text } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { Bar, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatShort, formatTime, toMillis } from '../../ui/format.ts'

/** Lengths of a bucket that people think in, in milliseconds. */
const lengths = [1000, 10_000, 60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000] as const
const mostBuckets = 120

/** Matches over time, confirmed and pending, and the users they are of. */
export function MatchVolume({ name }: { readonly name: string }): ReactNode {
  const { data: info } = useCall('workspace.info', {})
  const [first, last] = [info?.first, info?.last]
  const resolution = first === undefined || last === undefined ? undefined : (lengths.find((length) => toMillis(last) - toMillis(first) <= length * mostBuckets) ?? 2_592_000_000)
  const { data, error } = useCall('behaviors.volume', { name, resolution: BigInt(resolution ?? 1) * 1000n }, { enabled: resolution !== undefined })
  const points = useMemo(() => {
    if (data === undefined || resolution === undefined || data.length === 0) return []
    const known = new Map(data.map((one) => [toMillis(one.bucket), one]))
    const [from, to] = [toMillis(data[0]?.bucket ?? 0n), toMillis(data.at(-1)?.bucket ?? 0n)]
    return Array.from({ length: Math.min(5000, Math.round((to - from) / resolution) + 1) }, (_, index) => {
      const time = from + index * resolution
      const one = known.get(time)
      return { time, confirmed: one?.confirmed ?? 0, pending: one?.pending ?? 0, users: one?.users ?? 0 }
    })
  }, [data, resolution])
  if (error !== null) return <FailureNote error={error} />
  if (data === undefined) return <Loader size="sm" />
  if (points.length === 0) return <Text size="sm" c="dimmed">No match yet.</Text>
  const axis = { stroke: 'var(--mantine-color-dimmed)', fontSize: 11 }
  return (
    <div style={{ height: 260 }} role="img" aria-label="Matches over time">
      <ResponsiveContainer>
        <ComposedChart data={points} margin={{ top: 6, right: 12, bottom: 0, left: 0 }} barCategoryGap={1}>
          <XAxis dataKey="time" tickFormatter={(time: number) => formatTime(time).slice(0, resolution !== undefined && resolution >= 86_400_000 ? 10 : 16)} minTickGap={60} {...axis} />
          <YAxis width={46} tickFormatter={(matches: number) => formatShort(matches)} allowDecimals={false} {...axis} />
          <Tooltip labelFormatter={(time) => formatTime(Number(time))} contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--mantine-color-default-border)', fontSize: 12 }} />
          <Legend position="top" height={24} wrapperStyle={{ fontSize: 12 }} />
          <Bar dataKey="confirmed" stackId="matches" fill="var(--mantine-primary-color-filled)" isAnimationActive={false} />
          <Bar dataKey="pending" stackId="matches" fill="var(--mantine-color-yellow-6)" isAnimationActive={false} />
          <Line dataKey="users" stroke="var(--mantine-color-text)" strokeWidth={1.2} dot={false} isAnimationActive={false} />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}
