import { Badge, Button, Checkbox, Group, Menu, SegmentedControl, Select, Text, Tooltip } from '@mantine/core'
import { IconChevronDown, IconDatabaseSearch, IconDownload, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import { z } from 'zod'
import { toCsv, toParquet } from '../../analysis/export-table.ts'
import { useSlice } from '../../analysis/use-slice.ts'
import { useCall } from '../../api/use-call.ts'
import { startJob } from '../../api/jobs.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount, formatDuration } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { useSearchState } from '../../view/search-state.ts'
import { useView } from '../../view/view.ts'
import { exampleQueries } from './example-queries.ts'
import { ResultChart } from './result-chart.tsx'
import { ResultGrid } from './result-grid.tsx'
import { SqlEditor } from './sql-editor.tsx'
import classes from './sql-screen.module.css'

const first = exampleQueries[0].sql
const limits = ['10000', '100000', '1000000', '3000000'] as const
/** What weighs most of an event: left out of the slice unless it is asked for. */
const heavy = new Set(['payload'])

const SqlState = z.object({ q: z.string().optional().catch(undefined), rows: z.enum(limits).optional().catch(undefined), payload: z.boolean().optional().catch(undefined), chart: z.boolean().optional().catch(undefined) })

/** Ask the filtered events anything, in SQL, in the window's own DuckDB: nothing that is stored can be touched from here. */
export function SqlScreen(): ReactNode {
  const { filter } = useView()
  const [state, setState] = useSearchState(SqlState)
  const { data: sources } = useCall('sources.list', {})
  const limit = Number(state.rows ?? '100000')
  const columns = useMemo(() => {
    const attributes = (sources ?? []).flatMap(({ mapping }) => mapping.attributes.map(({ name }) => name))
    const fixed = ['source', 'topic', 'partition', 'offset', 'time', 'broker_time', 'type', 'key', 'late', 'id', 'correlationid', 'causationid', 'payload']
    return [...new Set([...fixed, ...attributes])].filter((name) => state.payload === true || !heavy.has(name))
  }, [sources, state.payload])
  const { slice, loading, error, reload } = useSlice(filter, { limit, columns, coded: false, enabled: sources !== undefined })
  const [text, setText] = useState(state.q ?? first)
  const [asked, setAsked] = useState(text)
  const queries = useQueryClient()
  const queryKey = ['sql', slice?.id, asked]
  const answer = useQuery({
    queryKey,
    enabled: slice !== undefined,
    gcTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const controller = new AbortController()
      signal.addEventListener('abort', () => controller.abort())
      const job = startJob('Running SQL', () => controller.abort())
      const started = performance.now()
      try {
        const table = await slice?.query(asked, controller.signal)
        return { table, ms: performance.now() - started }
      } finally {
        job.done()
      }
    },
  })
  const table = answer.data?.table
  const run = (): void => {
    if (asked === text) void queries.invalidateQueries({ queryKey })
    setAsked(text)
    setState({ q: text === first ? undefined : text }, { replace: true })
  }
  useKeys('SQL', [{ keys: 'mod+Enter', label: 'Run', run }])

  const ask = (sql: string): void => {
    setText(sql)
    setAsked(sql)
    setState({ q: sql }, { replace: true })
  }
  return (
    <div className="screen">
      <Group p="xs" gap="xs" className={classes.bar}>
        {answer.isFetching ? <Button size="xs" color="red" variant="light" leftSection={<IconPlayerStop size={15} />} onClick={() => void queries.cancelQueries({ queryKey })}>Cancel</Button>
          : <Tooltip label="Ctrl/Cmd + Enter"><Button size="xs" leftSection={<IconPlayerPlay size={15} />} onClick={run} disabled={slice === undefined}>Run</Button></Tooltip>}
        <Menu position="bottom-start" shadow="md">
          <Menu.Target><Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>Examples</Button></Menu.Target>
          <Menu.Dropdown>{exampleQueries.map(({ name, sql }) => <Menu.Item key={name} onClick={() => ask(sql)}>{name}</Menu.Item>)}</Menu.Dropdown>
        </Menu>
        <Select size="xs" w={150} aria-label="Most events in the slice" value={state.rows ?? '100000'} onChange={(rows) => setState({ rows: rows ?? undefined })} data={limits.map((value) => ({ value, label: `newest ${formatCount(Number(value))}` }))} allowDeselect={false} />
        <Checkbox size="xs" label="with payloads" checked={state.payload === true} onChange={(event) => setState({ payload: event.currentTarget.checked || undefined })} />
        <Button size="xs" variant="default" leftSection={<IconRefresh size={15} />} onClick={reload} loading={loading}>Load anew</Button>
        {slice !== undefined && (
          <Tooltip label={slice.complete ? 'Every event that the filter selects' : 'Older events of the filter are not in the slice: narrow the time range or load more'}>
            <Badge variant="light" color={slice.complete ? 'teal' : 'orange'} tt="none">table events: {formatCount(slice.rows)} rows{slice.complete ? '' : ', the newest'}</Badge>
          </Tooltip>
        )}
      </Group>
      <FailureNote error={error} onRetry={reload} />
      <div className={classes.editor}><SqlEditor text={text} columns={slice?.columns ?? columns} onChange={setText} onRun={run} /></div>
      <Group px="xs" py={4} gap="xs" className={classes.bar} justify="space-between">
        <Text size="xs" c="dimmed" role="status">{answer.data === undefined || table === undefined ? (loading ? 'Loading the slice…' : '') : `${formatCount(table.numRows)} rows in ${formatDuration(answer.data.ms)}`}</Text>
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label="Result as" value={state.chart === true ? 'chart' : 'table'} onChange={(value) => setState({ chart: value === 'chart' || undefined })} data={[{ label: 'Table', value: 'table' }, { label: 'Chart', value: 'chart' }]} />
          <Menu position="bottom-end" shadow="md" disabled={table === undefined}>
            <Menu.Target><Button size="xs" variant="default" leftSection={<IconDownload size={15} />} disabled={table === undefined}>Export</Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => table !== undefined && saveFile('result.csv', 'text/csv', toCsv(table))}>CSV</Menu.Item>
              <Menu.Item onClick={() => table !== undefined && saveFile('result.parquet', 'application/vnd.apache.parquet', [toParquet(table)])}>Parquet</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      <div className="fill">
        {answer.error !== null ? <div style={{ padding: 8 }}><FailureNote error={answer.error} /></div> : table !== undefined && (state.chart === true ? <ResultChart table={table} /> : <ResultGrid table={table} />)}
        {table === undefined && answer.error === null && !loading && slice === undefined && <EmptyState icon={IconDatabaseSearch} title="No slice yet">The events that the filter selects become the table <b>events</b> here.</EmptyState>}
      </div>
    </div>
  )
}
