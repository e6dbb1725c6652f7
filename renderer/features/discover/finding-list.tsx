import { Button, Group, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { csvLine } from '../../ui/csv.ts'
import { saveFile } from '../../ui/save-file.ts'
import classes from './discover.module.css'

interface ListProps {
  /** What the findings are, for those who do not see the list. */
  readonly label: string
  /** How many were found, of how many tried. */
  readonly summary: ReactNode
  readonly csv: { readonly name: string; readonly head: readonly string[]; readonly rows: () => readonly (readonly unknown[])[] }
  readonly children: ReactNode
}

/** Findings under each other, the strongest first. Arrow keys go through them, Enter opens one. */
export function FindingList({ label, summary, csv: { name, head, rows }, children }: ListProps): ReactNode {
  return (
    <section aria-label={label}>
      <Group justify="space-between" wrap="nowrap" mb={6}>
        <Text size="sm" c="dimmed" role="status">{summary}</Text>
        <Button size="compact-xs" variant="default" leftSection={<IconDownload size={13} />} onClick={() => saveFile(`${name}.csv`, 'text/csv', [head, ...rows()].map(csvLine))}>CSV</Button>
      </Group>
      <ol className={classes.list} aria-label={label} onKeyDown={moveFocus}>{children}</ol>
    </section>
  )
}

/** A finding that opens its users and their events. */
export function FindingRow({ name, isOpen, alarm = false, onOpen, children }: { readonly name: string; readonly isOpen: boolean; readonly alarm?: boolean; readonly onOpen: () => void; readonly children: ReactNode }): ReactNode {
  return (
    <li className={classes.finding} data-open={isOpen || undefined} data-alarm={alarm || undefined}>
      <button type="button" className={classes.open} data-finding aria-label={`Open: ${name}`} onClick={onOpen} />
      {children}
    </li>
  )
}

const moves: Readonly<Record<string, (at: number, count: number) => number>> = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: (_, count) => count - 1 }

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const move = moves[event.key]
  if (move === undefined) return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-finding]')]
  const at = all.indexOf(document.activeElement as HTMLElement)
  if (at === -1) return
  event.preventDefault()
  all[Math.max(0, Math.min(all.length - 1, move(at, all.length)))]?.focus()
}
