import { Group, Loader, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Bar, BarChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { timeShares, type StepTimes as Times } from '../../../shared/model/behavior.ts'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount, formatDuration, formatShort } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'

/** How long it takes from each step to the next, as a distribution with its percentiles. */
export function StepTimes({ name }: { readonly name: string }): ReactNode {
  const { data, error } = useCall('behaviors.times', { name }, { label: 'Measuring times' })
  if (error !== null) return <FailureNote error={error} />
  if (data === undefined) return <Loader size="sm" />
  if (data.length === 0) return <Text size="sm" c="dimmed">It takes two steps to have a time between them, and a match.</Text>
  return <>{data.map((times) => <Distribution key={`${times.from} ${times.to}`} times={times} />)}</>
}

function Distribution({ times: { from, to, count, percentiles, histogram, widthUs } }: { readonly times: Times }): ReactNode {
  const bars = histogram.map((matches, index) => ({ middle: (index + 0.5) * widthUs, matches, from: index * widthUs, to: (index + 1) * widthUs }))
  const axis = { stroke: 'var(--mantine-color-dimmed)', fontSize: 11 }
  const median = percentiles[timeShares.indexOf(0.5)] ?? 0
  return (
    <section style={{ marginBottom: 18 }}>
      <Group gap="md" mb={4}>
        <Text size="sm" fw={600}>{safeText(from, 40)} → {safeText(to, 40)}</Text>
        <Text size="xs" c="dimmed" className="numeric">{formatCount(count)} times · {timeShares.map((share, index) => `p${share * 100} ${formatDuration((percentiles[index] ?? 0) / 1000)}`).join(' · ')}</Text>
      </Group>
      <div style={{ height: 130 }} role="img" aria-label={`Time from ${from} to ${to}: half take at most ${formatDuration(median / 1000)}`}>
        <ResponsiveContainer>
          <BarChart data={bars} margin={{ top: 14, right: 12, bottom: 0, left: 0 }} barCategoryGap={1}>
            <XAxis dataKey="middle" type="number" domain={[0, histogram.length * widthUs]} tickFormatter={(micros: number) => formatDuration(micros / 1000)} {...axis} />
            <YAxis width={46} tickFormatter={(matches: number) => formatShort(matches)} allowDecimals={false} {...axis} />
            <Tooltip labelFormatter={(_, [bar]) => (bar === undefined ? '' : `${formatDuration((bar.payload as { from: number }).from / 1000)} to ${formatDuration((bar.payload as { to: number }).to / 1000)}`)} contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--mantine-color-default-border)', fontSize: 12 }} />
            <Bar dataKey="matches" fill="var(--mantine-primary-color-filled)" isAnimationActive={false} />
            <ReferenceLine x={median} stroke="var(--mantine-color-text)" strokeDasharray="3 3" label={{ value: 'median', position: 'top', fontSize: 10, fill: 'var(--mantine-color-dimmed)' }} />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </section>
  )
}
