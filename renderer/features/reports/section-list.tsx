import { ActionIcon, Checkbox, Tooltip } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconGripVertical } from '@tabler/icons-react'
import { useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import type { SectionName } from '../../../shared/report/model.ts'
import { moveSection, sectionGroups, sectionNames } from './sections.ts'
import { orderOf, type ReportState, type SetReportState } from './state.ts'
import classes from './reports.module.css'

/** The sections of the report: which, and in which order, by dragging, by buttons or by Alt and the arrow keys. */
export function SectionList({ state, setState }: { readonly state: ReportState; readonly setState: SetReportState }): ReactNode {
  const [dragged, setDragged] = useState<SectionName | undefined>(undefined)
  const [over, setOver] = useState<SectionName | undefined>(undefined)
  const order = orderOf(state)
  const without = state.without ?? []
  const move = (section: SectionName, target: SectionName | undefined): void => {
    if (target !== undefined) setState({ order: [...moveSection(order, section, target)] }, { replace: true })
  }
  const flip = (section: SectionName): void => {
    const next = without.includes(section) ? without.filter((other) => other !== section) : [...without, section]
    setState({ without: next.length === 0 ? undefined : next }, { replace: true })
  }
  const drop = (event: DragEvent, section: SectionName): void => {
    event.preventDefault()
    if (dragged !== undefined) move(dragged, section)
    setOver(undefined)
  }
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>Sections</legend>
      {sectionGroups.map((group) => {
        const shown = order.filter((section) => group.sections.includes(section))
        return (
          <div key={group.name}>
            <div className={classes.subhead}>{group.name}</div>
            <ol className={classes.list} aria-label={group.name}>
              {shown.map((section, index) => {
                const { name, says } = sectionNames[section]
                const [before, after] = [shown[index - 1], shown[index + 1]]
                const keys = (event: KeyboardEvent): void => {
                  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
                  event.preventDefault()
                  move(section, event.key === 'ArrowUp' ? before : after)
                }
                return (
                  <li key={section} className={classes.row} draggable data-dragged={dragged === section || undefined} data-over={(over === section && dragged !== section) || undefined} onKeyDown={keys}
                    onDragStart={(event) => { event.dataTransfer.effectAllowed = 'move'; setDragged(section) }} onDragEnd={() => { setDragged(undefined); setOver(undefined) }}
                    onDragOver={(event) => { if (dragged !== undefined && group.sections.includes(dragged)) { event.preventDefault(); setOver(section) } }} onDrop={(event) => drop(event, section)}>
                    <span className={classes.grip} aria-hidden><IconGripVertical size={14} /></span>
                    <Tooltip label={says} position="right"><Checkbox size="xs" className={classes.label} label={name} checked={!without.includes(section)} onChange={() => flip(section)} /></Tooltip>
                    <ActionIcon size="xs" variant="subtle" color="gray" disabled={before === undefined} onClick={() => move(section, before)} aria-label={`Move ${name} up`}><IconChevronUp size={14} /></ActionIcon>
                    <ActionIcon size="xs" variant="subtle" color="gray" disabled={after === undefined} onClick={() => move(section, after)} aria-label={`Move ${name} down`}><IconChevronDown size={14} /></ActionIcon>
                  </li>
                )
              })}
            </ol>
          </div>
        )
      })}
    </fieldset>
  )
}
