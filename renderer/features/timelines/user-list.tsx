import { ActionIcon, Group, Select, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue, useHover, useThrottledCallback } from '@mantine/hooks'
import { IconPin, IconPinFilled, IconSearch, IconUsers } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { UserSort } from '../../../shared/model/workspace.ts'
import { useEngine, useEngineEvent, useEngineState } from '../../api/context.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCounted, formatDay, formatMinute, formatShort, toMillis } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { useView } from '../../view/view.ts'
import classes from './timelines.module.css'

const pageRows = 200
const rowHeight = 40
/** How long the list stays as it is while events come, in milliseconds. */
const refreshMs = 2500
const sorts = [{ value: 'activity', label: 'Most events' }, { value: 'recent', label: 'Seen last' }, { value: 'first', label: 'Seen first' }, { value: 'key', label: 'Name' }] as const

/** Short enough for a list: minutes matter for this year, the year for others. */
function lastSeen(time: bigint | number): string {
  return new Date(toMillis(time)).getFullYear() === new Date().getFullYear() ? formatMinute(time) : formatDay(time)
}

/** Finds one user out of millions, among those with events that the filter lets through: search as you type, sorted as wanted, read in pages as one scrolls. */
export function UserList({ chosen, pinned, onChoose, onPin }: { readonly chosen: string | undefined; readonly pinned: readonly string[]; readonly onChoose: (key: string) => void; readonly onPin: (key: string) => void }): ReactNode {
  const engine = useEngine()
  const { status } = useEngineState()
  const { filter } = useView()
  const [typed, setTyped] = useState('')
  const [sort, setSort] = useState<UserSort>('activity')
  const [text] = useDebouncedValue(typed, 120)
  const search = useRef<HTMLInputElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['users', text, sort, filter],
    enabled: status === 'open',
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => {
      const controller = new AbortController()
      signal.addEventListener('abort', () => controller.abort())
      return engine.client.call('users.list', { ...(text === '' ? {} : { text }), filter, sort, descending: sort === 'activity' || sort === 'recent', limit: pageRows, offset: pageParam }, controller.signal)
    },
    getNextPageParam: (page, pages) => (pages.length * pageRows < page.total ? pages.length * pageRows : undefined),
  })
  const users = (data?.pages ?? []).flatMap((page) => page.users)
  const total = data?.pages[0]?.total ?? 0
  const { ref: list, hovered } = useHover<HTMLDivElement>()
  // events that come change who is there; but nobody moves while somebody points at them or reads further down
  const refresh = useThrottledCallback(() => {
    if (users.length === 0 || (!hovered && scroller.current?.scrollTop === 0)) void refetch({ cancelRefetch: false })
  }, refreshMs)
  useEngineEvent('pipeline.progress', refresh)
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const rows = useVirtualizer({ count: users.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 })
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (users.length > 0 && last > users.length - 30 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, users.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || users.length === 0) return
    event.preventDefault()
    const at = users.findIndex(({ key }) => key === chosen)
    const to = Math.max(0, Math.min(users.length - 1, at + step))
    const user = users[to]
    if (user === undefined) return
    onChoose(user.key)
    rows.scrollToIndex(to)
  }
  useKeys('Timelines', [{ keys: '/', label: 'Find a user', run: () => search.current?.focus() }])
  return (
    <Stack ref={list} gap={6} h="100%" className={classes.users} onKeyDown={keys}>
      <Stack gap={6} p={8} pb={0}>
        <TextInput ref={search} size="xs" placeholder="Find a user ( / )" aria-label="Find a user" leftSection={<IconSearch size={14} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Group justify="space-between" gap={6} wrap="nowrap">
          <Select size="xs" w={130} aria-label="Sort users by" data={[...sorts]} value={sort} onChange={(value) => setSort(value ?? 'activity')} allowDeselect={false} />
          <Text size="xs" c="dimmed" className="numeric">{formatCounted(total, 'user')}</Text>
        </Group>
        <FailureNote error={error} onRetry={() => void refetch()} />
      </Stack>
      <div ref={scroller} className={classes.scroller} role="grid" aria-label="Users" tabIndex={0}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const user = users[item.index]
            if (user === undefined) return null
            const isPinned = pinned.includes(user.key)
            return (
              <div key={user.key} className={classes.user} style={{ transform: `translateY(${item.start}px)` }} role="row" aria-selected={user.key === chosen} onClick={() => onChoose(user.key)}>
                <Stack gap={0} style={{ minWidth: 0, flex: 1 }} role="gridcell">
                  <Text size="sm" className="one-line">{safeText(user.key, 100)}</Text>
                  <Text size="xs" c="dimmed" className="one-line numeric">{formatShort(user.events)} {user.events === 1 ? 'event' : 'events'} · <TimeText time={user.last} as={lastSeen} /></Text>
                </Stack>
                <div role="gridcell"><Tooltip label={isPinned ? 'Take out of the comparison' : 'Compare with others'}>
                  <ActionIcon size="sm" variant="subtle" color={isPinned ? 'teal' : 'gray'} tabIndex={-1} onClick={(event) => { event.stopPropagation(); onPin(user.key) }} aria-label={`${isPinned ? 'Unpin' : 'Pin'} ${safeText(user.key, 60)}`}>{isPinned ? <IconPinFilled size={15} /> : <IconPin size={15} />}</ActionIcon>
                </Tooltip></div>
              </div>
            )
          })}
        </div>
        {data !== undefined && users.length === 0 && <EmptyState icon={IconUsers} title="No user">{text !== '' ? 'No key contains this text.' : Object.values(filter).some((part) => part !== undefined) ? 'Nobody has an event that passes the filter.' : 'Events with a key appear here as users.'}</EmptyState>}
      </div>
    </Stack>
  )
}
