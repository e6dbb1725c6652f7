import { Button, Group, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ReactNode } from 'react'
import type { ShownSequences } from '../../charts/strips/sequences.ts'
import type { Variants } from '../../charts/strips/variants.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './sequences.module.css'

const rowHeight = 30
/** As many steps as a strip of the table shows. */
const mostBlocks = 16

interface Props {
  readonly variants: Variants
  readonly sequences: ShownSequences
  readonly names: readonly string[]
  readonly colors: readonly string[]
  /** The place of the variant that alone is shown, or -1. */
  readonly chosen: number
  readonly collapsed: boolean
  readonly onChoose: (id: string | undefined) => void
}

/** The exact sequences of the users, the most common first: what the strips show, as a table. */
export function VariantsPanel({ variants: { ranked }, sequences, names, colors, chosen, collapsed, onChoose }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const virtual = useVirtualizer({ count: ranked.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 6 })
  const users = ranked.reduce((sum, variant) => sum + variant.users, 0)
  const common = ranked.slice(0, 10).reduce((sum, variant) => sum + variant.users, 0)
  return (
    <section className={classes.panel} aria-label="Most common sequences">
      <div className={classes.panelHead}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={650}>Most common sequences</Text>
          {chosen !== -1 && <Button size="compact-xs" variant="light" onClick={() => onChoose(undefined)}>Show all</Button>}
        </Group>
        <Text size="xs" c="dimmed">{users === 0 ? 'No user has an event that is shown.' : `${formatCount(users)} users have ${formatCount(ranked.length)} different sequences${collapsed ? ', repeats collapsed' : ''}${ranked.length > 10 ? `; the 10 most common are those of ${formatShare(common / users)}` : ''}.`}</Text>
      </div>
      <div ref={scroller} className={classes.list} role="table" aria-label="Sequences by how many users have them" aria-rowcount={ranked.length + 1} tabIndex={0}>
        <div className={classes.variantHead} role="row" aria-rowindex={1}><span role="columnheader">#</span><span role="columnheader">Sequence</span><span role="columnheader">Users</span><span role="columnheader">Share</span></div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const variant = ranked[index]
            if (variant === undefined) return null
            const [from, to] = [sequences.starts[variant.user] as number, sequences.starts[variant.user + 1] as number]
            const text = sequenceText(sequences, variant.user, names)
            return (
              <div key={variant.id} className={classes.variant} role="row" aria-rowindex={index + 2} data-chosen={index === chosen} style={{ transform: `translateY(${start}px)` }}>
                <span role="cell" className="numeric">{formatCount(index + 1)}</span>
                <span role="cell" style={{ minWidth: 0 }}>
                  <Tooltip label={<bdi>{text}</bdi>} maw={380} position="left">
                    <UnstyledButton className={classes.blocks} aria-pressed={index === chosen} aria-label={`Only this sequence: ${text}`} onClick={() => onChoose(index === chosen ? undefined : variant.id)}>
                      {Array.from({ length: Math.min(to - from, mostBlocks) }, (_, step) => <i key={step} style={{ background: colors[sequences.type[from + step] as number] }} />)}
                      {to - from > mostBlocks && <Text span size="xs" c="dimmed">+{formatCount(to - from - mostBlocks)}</Text>}
                    </UnstyledButton>
                  </Tooltip>
                </span>
                <span role="cell" className="numeric">{formatCount(variant.users)}</span>
                <span role="cell" className="numeric">{share(variant.users / users)}</span>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

/** A small share is not nothing. */
const share = (part: number): string => (part < 0.0005 ? `<${formatShare(0.001)}` : formatShare(part))

const mostWords = 40

/** A user's sequence in words; events in a row of one type are said once with how often. */
function sequenceText({ starts, type }: ShownSequences, user: number, names: readonly string[]): string {
  const words: { readonly type: number; times: number }[] = []
  const end = starts[user + 1] as number
  for (let event = starts[user] as number; event < end && words.length <= mostWords; event++) {
    const last = words.at(-1)
    if (last !== undefined && last.type === type[event]) last.times++
    else words.push({ type: type[event] as number, times: 1 })
  }
  const said = words.slice(0, mostWords).map((word) => `${safeText(names[word.type] ?? '', 40)}${word.times > 1 ? ` ×${word.times}` : ''}`)
  return `${said.join(' → ')}${words.length > mostWords ? ' → …' : ''}`
}
