import { Group, MultiSelect, SegmentedControl, Select, Text, useComputedColorScheme } from '@mantine/core'
import type { Table } from 'apache-arrow'
import { useMemo, useState, type ReactNode } from 'react'
import { Bar, BarChart, CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from 'recharts'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { typeColor } from '../../charts/type-colors.ts'
import { formatMinute, formatShort, formatUtc } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { chooseChart, type ChartChoice } from './chart-choice.ts'

/** More marks than this tell no more, and take longer to draw. */
const mostPoints = 2000

/** A result as a chart: the one that suits it, changed by hand where wanted. */
export function ResultChart({ table }: { readonly table: Table }): ReactNode {
  const scheme = useComputedColorScheme('light')
  const columns = useMemo(() => columnsOf(table), [table])
  const suited = useMemo(() => chooseChart(columns), [columns])
  const [chosen, setChosen] = useState<ChartChoice | undefined>(undefined)
  const names = columns.map(({ name }) => name)
  const choice = chosen !== undefined && [chosen.x, ...chosen.ys].every((name) => names.includes(name)) ? chosen : suited
  const points = useMemo(() => (choice === undefined ? [] : toPoints(columns, choice, table.numRows)), [columns, choice, table])
  if (choice === undefined) return <Text p="md" size="sm" c="dimmed">There is no column of numbers to draw. Ask for a count, a sum or an average.</Text>

  const isTime = columns.find(({ name }) => name === choice.x)?.kind === 'time'
  const axis = { stroke: 'var(--mantine-color-dimmed)', fontSize: 11 }
  const labelX = (value: string | number): string => (isTime ? formatMinute(Number(value)) : safeText(String(value), 24))
  const shared = (
    <>
      <CartesianGrid strokeDasharray="3 3" stroke="var(--mantine-color-default-border)" />
      <XAxis dataKey="x" {...axis} {...(isTime || choice.shape === 'scatter' ? { type: 'number' as const, domain: ['dataMin', 'dataMax'] } : {})} tickFormatter={labelX} name={choice.x} {...(isTime || choice.shape !== 'bar' ? {} : slanted(points.length))} />
      <YAxis {...axis} tickFormatter={(value: number) => formatShort(value)} width={54} />
      <Tooltip cursor={{ fill: 'var(--mantine-color-default-hover)', stroke: 'var(--mantine-color-default-border)' }} labelFormatter={(value) => (isTime ? formatUtc(Number(value)) : typeof value === 'string' ? safeText(value, 80) : value)} contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--mantine-color-default-border)', fontSize: 12 }} />
      <Legend wrapperStyle={{ fontSize: 12 }} />
    </>
  )
  const color = (index: number): string => typeColor(index, scheme)
  return (
    <div style={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <Group gap="xs" p="xs">
        <SegmentedControl size="xs" value={choice.shape} onChange={(shape) => setChosen({ ...choice, shape: shape })} data={[{ label: 'Lines', value: 'line' }, { label: 'Bars', value: 'bar' }, { label: 'Points', value: 'scatter' }]} aria-label="Shape" />
        <Select size="xs" w={170} aria-label="Along" data={[...new Set(names)]} value={choice.x} onChange={(x) => x !== null && setChosen({ ...choice, x })} allowDeselect={false} />
        <MultiSelect size="xs" aria-label="Up" data={[...new Set(columns.filter(({ kind }) => kind === 'integer' || kind === 'number').map(({ name }) => name))]} value={[...choice.ys]} onChange={(ys) => ys.length > 0 && setChosen({ ...choice, ys: ys.slice(0, 6) })} />
        {table.numRows > mostPoints && <Text size="xs" c="orange">The first {mostPoints.toLocaleString()} of {table.numRows.toLocaleString()} rows are drawn.</Text>}
      </Group>
      <div style={{ flex: 1, minHeight: 0 }} role="img" aria-label={`${choice.ys.join(', ')} by ${choice.x}`}>
        <ResponsiveContainer>
          {choice.shape === 'line' ? (
            <LineChart data={points} margin={{ right: 18, top: 8 }}>{shared}{choice.ys.map((name, index) => <Line key={name} dataKey={name} stroke={color(index)} dot={false} isAnimationActive={false} strokeWidth={1.8} />)}</LineChart>
          ) : choice.shape === 'bar' ? (
            <BarChart data={points} margin={{ right: 18, top: 8 }}>{shared}{choice.ys.map((name, index) => <Bar key={name} dataKey={name} fill={color(index)} isAnimationActive={false} />)}</BarChart>
          ) : (
            <ScatterChart margin={{ right: 18, top: 8 }}>{shared}{choice.ys.map((name, index) => <Scatter key={name} name={name} data={points} dataKey={name} fill={color(index)} isAnimationActive={false} />)}</ScatterChart>
          )}
        </ResponsiveContainer>
      </div>
    </div>
  )
}

/** Names of bars: each of them as long as they can be told apart, slanted once they would touch. */
function slanted(count: number): { readonly interval?: number; readonly angle?: number; readonly textAnchor?: 'end'; readonly height?: number } {
  if (count > 40) return {}
  return count <= 8 ? { interval: 0 } : { interval: 0, angle: -25, textAnchor: 'end', height: 68 }
}

function toPoints(columns: ReturnType<typeof columnsOf>, choice: ChartChoice, rows: number): Record<string, unknown>[] {
  return Array.from({ length: Math.min(rows, mostPoints) }, (_, row) => {
    const point: Record<string, unknown> = {}
    for (const { name, kind, values } of columns) {
      const value = cellAt(values, kind, row)
      const plain = kind === 'time' && value !== null ? Number(value) / 1000 : typeof value === 'bigint' ? Number(value) : value
      if (choice.ys.includes(name)) point[name] = plain
      if (name === choice.x) point.x = plain ?? 'null'
    }
    return point
  })
}
