import { patternsOf } from '../check.ts'
import type { EventPattern, Expression, TypeGlob } from '../syntax.ts'
import type { Dialect } from './dialect.ts'
import { globLiteral, holds, sameField, toSql, type Scope, type Typed } from './expression.ts'
import type { Plan, Region, Slot } from './plan.ts'

/** The conditions of a plan in SQL: on the event at hand, `row`, and the events of slots that are bound. None of them is ever null. */
export class Conditions {
  private readonly plan: Plan
  private readonly dialect: Dialect
  private readonly slotAlias: (slot: number) => string

  constructor(plan: Plan, dialect: Dialect, slotAlias: (slot: number) => string) {
    this.plan = plan
    this.dialect = dialect
    this.slotAlias = slotAlias
  }

  /** Whether an event fits a slot (SEMANTICS.md, rules 4, 6, 7 and 10). */
  fits(slot: number, row: string): string {
    const { step } = this.slot(slot)
    const parts = patternsOf(step).map((_, part) => this.fitsPart(slot, part, row))
    return all([anyOf(parts), ...this.bounds(slot, row), ...this.links(slot, row)])
  }

  /** What holds for an event that is not too late for a slot. */
  inTime(slot: number, row: string): readonly string[] {
    const { step, before } = this.slot(slot)
    if (slot === 0) return []
    // the events of a first step are measured from its first one
    const anchor = before ?? 0
    return [...(step.within === undefined ? [] : [this.notLater(row, anchor, step.within.micros)]), ...(this.plan.body.within === undefined ? [] : [this.notLater(row, 0, this.plan.body.within.micros)])]
  }

  /** At most so many microseconds behind the event of a slot, inclusive. */
  notLater(row: string, anchor: number, micros: number): string {
    return `${this.us(row)} <= ${this.us(this.slotAlias(anchor))} + ${micros}`
  }

  /** Whether an event at a place breaks no absence: `passed` over before a slot, or `taken` by it. Slots end at their number for what follows the last. */
  keeps(slot: number, row: string, place: 'passed' | 'taken'): readonly string[] {
    const { regions, untils, slots } = this.plan
    const absent = regions.filter((region) => concerns(region, slot, place)).map((region) => this.absent(region, row))
    const ends = regions.flatMap(({ bound }) => (bound === undefined ? [] : [this.notLater(row, bound.anchor, bound.micros)]))
    const isInside = slot > 0 && (place === 'passed' ? slot < slots.length : slot < slots.length - 1)
    // behind the last event only as long as an absence is open
    const until = isInside ? untils.map((pattern) => not(this.matches(pattern, row))) : slot === slots.length && ends.length > 0 ? untils.map((pattern) => not(all([this.matches(pattern, row), anyOf(ends)]))) : []
    return [...absent, ...until]
  }

  /** Whether an event has the types and fields of the last step, which is known to be in time: one more of its run. */
  fitsRun(row: string): string {
    const last = this.plan.slots.length - 1
    return anyOf(patternsOf(this.slot(last).step).map((_, part) => this.fitsPart(last, part, row)))
  }

  /** Whether an event fits a pattern that is no step's. */
  matches({ types, where }: EventPattern, row: string): string {
    return all([this.hasType(types, row), holds(where, this.scope(row, this.plan.slots.length, undefined))])
  }

  hasType(types: readonly TypeGlob[], row: string): string {
    const column = this.column(row, 'type')
    return anyOf(types.map(({ text, quoted }) => (!quoted && text.includes('*') ? (/^\*+$/.test(text) ? 'TRUE' : `${column} LIKE ${globLiteral(text, this.dialect)}`) : `${column} = ${this.dialect.literal(text)}`)))
  }

  /** A value that is returned, with all steps bound and the last event at hand (rule 25). */
  value(expression: Expression): Typed {
    const { slots } = this.plan
    return toSql(expression, this.scope(this.slotAlias(slots.length - 1), slots.length, undefined))
  }

  us(row: string): string {
    return this.column(row, 'us')
  }

  column(row: string, name: string): string {
    return `${row}.${this.dialect.identifier(name)}`
  }

  private fitsPart(slot: number, part: number, row: string): string {
    const { step } = this.slot(slot)
    const pattern = patternsOf(step)[part] as EventPattern
    const scope = this.scope(row, slot, part)
    // each part once
    const earlier = step.pattern.kind === 'any order' ? this.slotsOf(slot).map((other) => not(this.took(other, part))) : []
    return all([...earlier, this.hasType(pattern.types, row), holds(pattern.where, scope), holds(step.where, scope)])
  }

  /** Whether the event of a slot is that of a part: of several that fit, the one written first. */
  private took(slot: number, part: number): string {
    const row = this.slotAlias(slot)
    return all([...Array.from({ length: part }, (_, other) => not(this.fitsPart(slot, other, row))), this.fitsPart(slot, part, row)])
  }

  /** The slots of the same step before one. */
  private slotsOf(slot: number): readonly number[] {
    const { first } = this.slot(slot)
    return Array.from({ length: slot - first }, (_, at) => first + at)
  }

  private bounds(slot: number, row: string): readonly string[] {
    const { step, before } = this.slot(slot)
    const gap = step.after !== undefined && before !== undefined ? [`${this.us(row)} >= ${this.us(this.slotAlias(before))} + ${step.after.micros}`] : []
    return [...this.inTime(slot, row), ...gap]
  }

  private links(slot: number, row: string): readonly string[] {
    const { step, before } = this.slot(slot)
    if (before === undefined) return []
    const scope: Scope = { ...this.scope(row, slot, undefined), read: (label, column) => this.column(label === undefined ? row : this.slotAlias(before), column) }
    return [...step.same.map(({ path }) => `(${sameField(path, 'before', scope)}) IS TRUE`), ...step.different.map(({ path }) => `(${sameField(path, 'before', scope)}) IS FALSE`)]
  }

  private absent({ pattern, bound }: Region, row: string): string {
    return not(all([this.matches(pattern, row), ...(bound === undefined ? [] : [this.notLater(row, bound.anchor, bound.micros)])]))
  }

  /** What expressions mean for the event at hand, which is that of a part of a slot, with all slots before it bound. */
  private scope(row: string, slot: number, part: number | undefined): Scope {
    const { labels, fields, slots } = this.plan
    const own = slots[slot]?.step
    const ownPart = own === undefined || part === undefined ? undefined : patternsOf(own)[part]
    return {
      dialect: this.dialect,
      labels: [...labels.keys()],
      column: (field) => fields.find(field),
      read: (label, column) => {
        const target = label === undefined ? undefined : labels.get(label)
        if (target === undefined || (target.step === own && (target.part === undefined || target.part === ownPart))) return this.column(row, column)
        const from = slots.findIndex(({ step }) => step === target.step)
        const bound = slots.flatMap(({ step }, at) => (step === target.step && at < slot ? [at] : []))
        if (from === -1 || bound.length === 0) return undefined
        if (target.part === undefined) return this.column(this.slotAlias(bound.at(-1) as number), column)
        const index = patternsOf(target.step).indexOf(target.part)
        return `(CASE ${bound.reverse().map((at) => `WHEN ${this.took(at, index)} THEN ${this.column(this.slotAlias(at), column)}`).join(' ')} END)`
      },
    }
  }

  private slot(index: number): Slot {
    return this.plan.slots[index] as Slot
  }
}

function concerns({ from, to }: Region, slot: number, place: 'passed' | 'taken'): boolean {
  if (slot <= from) return false
  return to === undefined || (place === 'passed' ? slot <= to : slot < to)
}

/** All of the conditions. */
export function all(conditions: readonly (string | undefined)[]): string {
  const needed = conditions.filter((condition) => condition !== undefined && condition !== 'TRUE')
  return needed.length === 0 ? 'TRUE' : needed.join(' AND ')
}

function anyOf(conditions: readonly string[]): string {
  if (conditions.includes('TRUE')) return 'TRUE'
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.map((condition) => (condition.includes(' AND ') ? `(${condition})` : condition)).join(' OR ')})`
}

function not(condition: string): string {
  return `NOT (${condition})`
}
