import { ActionIcon, Button, Group, NumberInput, Select, Switch, TagsInput, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { parseDuration } from '../../../shared/behavior/duration.ts'
import { printClause } from '../../../shared/behavior/print.ts'
import type { Absence, Behavior, Clause, Duration, EventPattern, KeyField, SequenceBody, Step } from '../../../shared/behavior/syntax.ts'
import { safeText } from '../../ui/safe-text.ts'
import { conditionText, insertAfter, parseCondition, removeClause, replaceClause, toGlobs } from './block-edit.ts'
import type { Vocabulary } from './language.ts'
import classes from './behaviors.module.css'

interface Props {
  readonly text: string
  readonly behavior: Behavior
  readonly vocabulary: Vocabulary | undefined
  readonly onChange: (text: string) => void
}

/** The same behavior as blocks: one a clause, in the order in which they are written. What a block changes is written into the text. */
export function Blocks({ text, behavior, vocabulary, onChange }: Props): ReactNode {
  const { body } = behavior
  if (body.kind === 'population') return <div className={classes.blocks}><div className={classes.block} data-kind="head"><Text size="sm">Many at once: at least <b>{body.atLeast}</b> {safeText(body.of.path, 40)} with “{safeText(body.base, 60)}” in <b>{body.within.text}</b>. Change it in the text.</Text></div></div>
  const change = (clause: Clause, changed: Clause): void => onChange(replaceClause(text, body, clause, changed))
  const last = body.clauses.at(-1)
  const types = vocabulary?.types ?? []
  const add = (written: string): void => {
    if (last !== undefined) onChange(insertAfter(text, last, written))
  }
  return (
    <div className={classes.blocks}>
      <div className={classes.block} data-kind="head">
        <Text size="xs"><b>One sequence</b> for each {body.by.map(({ path }) => safeText(path, 40)).join(' and ')}{body.session === undefined ? '' : `, cut by pauses over ${body.session.text}`}{body.within === undefined ? '' : `, all of it within ${body.within.text}`} · {body.match === 'first' ? 'first match' : `match ${body.match}`}{body.skip === 'overlap' ? ', overlapping' : ''}{body.every === undefined ? '' : `, every ${body.every.period.text} ± ${body.every.tolerance.text} at least ${body.every.atLeast} times`}</Text>
      </div>
      {body.clauses.map((clause, index) => (
        <ClauseBlock key={`${index} ${clause.kind}`} clause={clause} body={body} types={types} fields={(vocabulary?.fields ?? []).map(({ path }) => path)} onChange={(changed) => change(clause, changed)}
          {...(body.clauses.length > 1 && !(clause.kind === 'step' && body.clauses.find(({ kind }) => kind === 'step') === clause) ? { onRemove: () => onChange(removeClause(text, clause)) } : {})} />
      ))}
      <Group gap={6}>
        <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />} onClick={() => add(`then ${types[0] ?? 'a.type'} within 10m`)}>step</Button>
        <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />} onClick={() => add(`without ${types[0] ?? 'a.type'} for 10m`)}>without</Button>
        <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />} onClick={() => add(`until ${types[0] ?? 'a.type'}`)}>until</Button>
      </Group>
    </div>
  )
}

function ClauseBlock({ clause, body, types, fields, onChange, onRemove }: { readonly clause: Clause; readonly body: SequenceBody; readonly types: readonly string[]; readonly fields: readonly string[]; readonly onChange: (changed: Clause) => void; readonly onRemove?: () => void }): ReactNode {
  const isFirst = body.clauses.find(({ kind }) => kind === 'step') === clause
  return (
    <div className={classes.block} data-kind={clause.kind}>
      <Group gap="xs" align="flex-end" wrap="wrap">
        {clause.kind === 'step' ? <StepFields step={clause} isFirst={isFirst} types={types} fields={fields} onChange={onChange} />
          : clause.kind === 'without' ? <AbsenceFields absence={clause} body={body} types={types} onChange={onChange} />
            : <><Text size="sm" fw={600}>until</Text><PatternFields pattern={clause.pattern} types={types} onChange={(pattern) => onChange({ ...clause, pattern })} /></>}
        {onRemove !== undefined && <ActionIcon ml="auto" size="sm" variant="subtle" color="gray" aria-label="Remove this block" onClick={onRemove}><IconTrash size={14} /></ActionIcon>}
      </Group>
    </div>
  )
}

function StepFields({ step, isFirst, types, fields, onChange }: { readonly step: Step; readonly isFirst: boolean; readonly types: readonly string[]; readonly fields: readonly string[]; readonly onChange: (changed: Step) => void }): ReactNode {
  const { pattern } = step
  return (
    <>
      {!isFirst && <Select size="xs" w={112} label="then" value={step.contiguity} onChange={(value) => onChange({ ...step, contiguity: (value ?? 'skip till next') })} data={[{ value: 'skip till next', label: 'later' }, { value: 'next', label: 'next' }, { value: 'any', label: 'any' }]} allowDeselect={false} />}
      <Committed label="label" width={90} value={step.label ?? ''} read={(label) => (/^(?:[\p{L}_][\p{L}\p{N}_]*)?$/u.test(label) ? { value: label } : { problem: 'letters and digits' })} onCommit={(label) => onChange({ ...step, label: label === '' ? undefined : label })} />
      {pattern.kind === 'event'
        ? <TagsInput size="xs" label="types" miw={150} value={pattern.types.map(({ text }) => text)} data={[...types]} onChange={(globs) => globs.length > 0 && onChange({ ...step, pattern: { ...pattern, types: toGlobs(globs) } })} />
        : <Text size="xs" className="mono" pb={6}>{safeText(printClause({ ...step, label: undefined, within: undefined, after: undefined, same: [], different: [], optional: false, contiguity: 'skip till next', comments: [] }, true).trim(), 200)}</Text>}
      <ConditionField value={conditionText(step.where)} onCommit={(where) => onChange({ ...step, where })} />
      <NumberInput size="xs" w={72} label="at least" min={1} max={10_000} value={step.times.min} onChange={(min) => typeof min === 'number' && min >= 1 && onChange({ ...step, times: step.times.max === step.times.min && min === 1 ? { min: 1, max: 1 } : { min, max: step.times.max === 1 ? undefined : step.times.max === undefined ? undefined : Math.max(min, step.times.max) } })} />
      <DurationField label="within" value={step.within} onCommit={(within) => onChange({ ...step, within })} />
      {!isFirst && <DurationField label="after" value={step.after} onCommit={(after) => onChange({ ...step, after })} />}
      {!isFirst && <FieldsInput label="same" value={step.same} fields={fields} onChange={(same) => onChange({ ...step, same })} />}
      {!isFirst && <Switch size="xs" label="optional" checked={step.optional} onChange={(event) => onChange({ ...step, optional: event.currentTarget.checked })} pb={6} />}
    </>
  )
}

function AbsenceFields({ absence, body, types, onChange }: { readonly absence: Absence; readonly body: SequenceBody; readonly types: readonly string[]; readonly onChange: (changed: Absence) => void }): ReactNode {
  const { scope } = absence
  const labels = body.clauses.flatMap((clause) => (clause.kind === 'step' && clause.label !== undefined ? [clause.label] : []))
  const at = { start: 0, end: 0 }
  return (
    <>
      <Text size="sm" fw={600} pb={4}>without</Text>
      <PatternFields pattern={absence.pattern} types={types} onChange={(pattern) => onChange({ ...absence, pattern })} />
      <Select size="xs" w={120} label="where" value={scope.kind} allowDeselect={false} data={[{ value: 'here', label: 'in this place' }, { value: 'for', label: 'for a time after' }, { value: 'between', label: 'between steps', disabled: labels.length < 2 }]}
        onChange={(kind) => {
          if (kind === 'here') onChange({ ...absence, scope: { kind: 'here' } })
          if (kind === 'for') onChange({ ...absence, scope: { kind: 'for', duration: { micros: 600_000_000, text: '10m' }, after: undefined } })
          if (kind === 'between') onChange({ ...absence, scope: { kind: 'between', from: { label: labels[0] ?? '', span: at }, to: { label: labels[1] ?? '', span: at } } })
        }} />
      {scope.kind === 'for' && <DurationField label="for" value={scope.duration} onCommit={(duration) => duration !== undefined && onChange({ ...absence, scope: { ...scope, duration } })} />}
      {scope.kind === 'for' && labels.length > 0 && <Select size="xs" w={110} label="after" clearable placeholder="the step above" value={scope.after?.label ?? null} data={labels} onChange={(label) => onChange({ ...absence, scope: { ...scope, after: label === null ? undefined : { label, span: at } } })} />}
      {scope.kind === 'between' && <Select size="xs" w={100} label="from" value={scope.from.label} data={labels} allowDeselect={false} onChange={(label) => onChange({ ...absence, scope: { ...scope, from: { label: label ?? '', span: at } } })} />}
      {scope.kind === 'between' && <Select size="xs" w={100} label="to" value={scope.to.label} data={labels} allowDeselect={false} onChange={(label) => onChange({ ...absence, scope: { ...scope, to: { label: label ?? '', span: at } } })} />}
    </>
  )
}

function PatternFields({ pattern, types, onChange }: { readonly pattern: EventPattern; readonly types: readonly string[]; readonly onChange: (changed: EventPattern) => void }): ReactNode {
  return (
    <>
      <TagsInput size="xs" label="types" miw={150} value={pattern.types.map(({ text }) => text)} data={[...types]} onChange={(globs) => globs.length > 0 && onChange({ ...pattern, types: toGlobs(globs) })} />
      <ConditionField value={conditionText(pattern.where)} onCommit={(where) => onChange({ ...pattern, where })} />
    </>
  )
}

function FieldsInput({ label, value, fields, onChange }: { readonly label: string; readonly value: readonly KeyField[]; readonly fields: readonly string[]; readonly onChange: (changed: readonly KeyField[]) => void }): ReactNode {
  return <TagsInput size="xs" label={label} miw={90} value={value.map(({ path }) => path)} data={[...fields]} onChange={(paths) => onChange(paths.map((path) => ({ path, span: { start: 0, end: 0 } })))} />
}

function ConditionField({ value, onCommit }: { readonly value: string; readonly onCommit: (condition: Step['where']) => void }): ReactNode {
  const read = (text: string): { readonly value: Step['where'] } | { readonly problem: string } => {
    const parsed = parseCondition(text)
    return 'problem' in parsed ? parsed : { value: parsed.condition }
  }
  return <Committed label="where" width={190} value={value} read={read} onCommit={onCommit} />
}

function DurationField({ label, value, onCommit }: { readonly label: string; readonly value: Duration | undefined; readonly onCommit: (duration: Duration | undefined) => void }): ReactNode {
  const read = (text: string): { readonly value: Duration | undefined } | { readonly problem: string } => {
    if (text.trim() === '') return { value: undefined }
    const duration = parseDuration(text.trim())
    return duration === undefined ? { problem: 'such as 10m' } : { value: duration }
  }
  return <Committed label={label} width={74} value={value?.text ?? ''} read={read} onCommit={onCommit} />
}

/** A field whose text takes effect when it is left or Enter is pressed, and only when it makes sense. */
function Committed<T>({ label, width, value, read, onCommit }: { readonly label: string; readonly width: number; readonly value: string; readonly read: (text: string) => { readonly value: T } | { readonly problem: string }; readonly onCommit: (value: T) => void }): ReactNode {
  const [draft, setDraft] = useState<string>()
  const parsed = read(draft ?? value)
  const commit = (): void => {
    if (draft === undefined || draft === value || 'problem' in parsed) return
    onCommit(parsed.value)
    setDraft(undefined)
  }
  return <TextInput size="xs" w={width} label={label} value={draft ?? value} error={'problem' in parsed ? safeText(parsed.problem, 80) : undefined} onChange={(event) => setDraft(event.currentTarget.value)} onBlur={commit} onKeyDown={(event) => event.key === 'Enter' && commit()} />
}
