import { Anchor, Text, Tooltip, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatCount, formatShort } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './sequences.module.css'

/** One type of the legend. */
export interface LegendType {
  readonly name: string
  readonly color: string
  /** How many of its events are loaded. */
  readonly events: number
}

/** The colors of the types; a click hides or shows a type, with Shift it shows that type alone. */
export function Legend({ types, hidden, onChange }: { readonly types: readonly LegendType[]; readonly hidden: readonly string[]; readonly onChange: (hidden: string[] | undefined) => void }): ReactNode {
  const set = new Set(hidden)
  const change = (names: readonly string[]): void => onChange(names.length === 0 ? undefined : [...names])
  const flip = (name: string, alone: boolean): void => {
    if (alone) change(types.map((type) => type.name).filter((other) => other !== name))
    else change(set.has(name) ? hidden.filter((other) => other !== name) : [...hidden, name])
  }
  return (
    <div className={classes.legend} role="group" aria-label="Event types: press to hide or show">
      {types.map(({ name, color, events }) => (
        <Tooltip key={name} label={`${formatCount(events)} events${set.has(name) ? ', hidden' : ''}. Click to ${set.has(name) ? 'show' : 'hide'}, Shift+click for this type alone.`}>
          <UnstyledButton className={classes.type} aria-pressed={!set.has(name)} data-hidden={set.has(name)} onClick={(event) => flip(name, event.shiftKey)}>
            <i style={{ background: color }} />
            <bdi>{safeText(name, 40)}</bdi>
            <Text span size="xs" c="dimmed" className="numeric">{formatShort(events)}</Text>
          </UnstyledButton>
        </Tooltip>
      ))}
      {hidden.length > 0 && <Text size="xs" component="span">{formatCount(hidden.length)} {hidden.length === 1 ? 'type is' : 'types are'} hidden. <Anchor component="button" size="xs" onClick={() => onChange(undefined)}>Show all</Anchor></Text>}
    </div>
  )
}
