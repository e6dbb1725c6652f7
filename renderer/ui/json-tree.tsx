import { ActionIcon, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { isLosslessNumber, parse } from 'lossless-json'
import { useMemo, useState, type ReactNode } from 'react'
import classes from './json-tree.module.css'
import { safeText } from './safe-text.ts'

/** More members than this wait behind a button: drawing ten thousand helps nobody. */
const membersAtOnce = 100

/**
 * JSON text as a tree that opens part by part. Numbers keep every digit that they have in the text. What is no JSON is
 * shown as it is.
 */
export function JsonTree({ text }: { readonly text: string }): ReactNode {
  const parsed = useMemo(() => read(text), [text])
  return <div className={classes.tree}>{parsed === undefined ? <pre className={classes.plain}>{safeText(text)}</pre> : <Node value={parsed.value} depth={0} />}</div>
}

function read(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parse(text) }
  } catch {
    // a payload that is no JSON is looked at as text
    return undefined
  }
}

function Node({ name, value, depth }: { readonly name?: string; readonly value: unknown; readonly depth: number }): ReactNode {
  const [open, setOpen] = useState(depth < 2)
  const [shown, setShown] = useState(membersAtOnce)
  const label = name === undefined ? null : <span className={classes.name}>{safeText(name, 200)}: </span>
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return <div className={classes.line}>{label}<Leaf value={value} /></div>
  const isList = Array.isArray(value)
  const members: readonly (readonly [string, unknown])[] = isList ? value.map((member, index) => [String(index), member] as const) : Object.entries(value)
  if (members.length === 0) return <div className={classes.line}>{label}{isList ? '[]' : '{}'}</div>
  return (
    <div>
      <UnstyledButton className={classes.line} onClick={() => setOpen(!open)} aria-expanded={open}>
        <ActionIcon component="span" size={14} variant="transparent" color="gray" aria-hidden>{open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}</ActionIcon>
        {label}
        <Text component="span" c="dimmed" fz="inherit">{isList ? `[${members.length}]` : `{${members.length}}`}</Text>
      </UnstyledButton>
      {open && (
        <div className={classes.members}>
          {members.slice(0, shown).map(([key, member]) => <Node key={key} name={key} value={member} depth={depth + 1} />)}
          {members.length > shown && <UnstyledButton className={classes.more} onClick={() => setShown(shown + 10 * membersAtOnce)}>{(members.length - shown).toLocaleString()} more…</UnstyledButton>}
        </div>
      )}
    </div>
  )
}

function Leaf({ value }: { readonly value: unknown }): ReactNode {
  if (typeof value === 'string') return <span className={classes.text}>"<bdi>{safeText(value, 5000)}</bdi>"</span>
  if (isLosslessNumber(value)) return <span className={classes.number}>{value.toString()}</span>
  return <span className={classes.literal}>{String(value)}</span>
}
