import { calendarFacts, isOfCalendar, localTimes, nearDays, type LocalTimes } from '../../../shared/why/calendar.ts'
import type { Fact, FactGroup, NumberFact } from '../../../shared/why/facts.ts'
import type { LoadedField } from '../store/read-columns.ts'
import type { Collected } from './collect.ts'
import type { Dates } from './dates.ts'
import type { Holiday } from './holidays.ts'
import type { Kind } from './kinds.ts'
import type { Surroundings } from './surroundings.ts'

/** What turns what was collected into facts. */
export interface Meaning {
  readonly kinds: readonly Kind[]
  /** Whether a type belongs to the definition of the outcome: its coming behind the start explains nothing. */
  readonly defines: (type: string) => boolean
  /** The further fields of the behavior's key, in words, such as `item`. */
  readonly same: string
  /** Names of the shared steps. */
  readonly steps: readonly string[]
  /** Texts of the codes of attributes. */
  readonly dictionaries: ReadonlyMap<string, LoadedField>
  readonly about: string
}

/** The facts that the events themselves give. */
export function eventFacts(collected: Collected, { kinds, defines, same, steps, dictionaries, about }: Meaning): readonly Fact[] {
  const around = (surroundings: Surroundings, sameAs: string | undefined): readonly Fact[] =>
    kinds.map(({ type, detail }, kind) => ({ kind: 'events', type, detail, same: sameAs, gap: surroundings.gap[kind], count: detail === undefined ? surroundings.count[kind] : undefined, after: defines(type) ? undefined : surroundings.after[kind] }))
  const duration = (name: string, values: Float64Array): NumberFact => ({ kind: 'number', group: 'timing', name, form: 'duration', values })
  return [
    ...around(collected.ofUser, undefined),
    ...(collected.ofSequence === undefined ? [] : around(collected.ofSequence, same)),
    ...collected.attributes.flatMap((fields, step) => [...fields].flatMap(([name, values]) => attributeFact(steps.length > 1 ? `${steps[step] ?? ''}.${name}` : name, values, dictionaries.get(name)))),
    duration("the time since the user's first event", collected.sinceFirst),
    duration("the time since the user's previous event", collected.sincePrevious),
    { kind: 'number', group: 'earlier events', name: 'the number of earlier events', form: 'number', values: collected.earlier },
    ...collected.betweenSteps.map((values, step) => duration(`the time from ${steps[step] ?? ''} to ${steps[step + 1] ?? ''}`, values)),
    { kind: 'flag', group: 'earlier events', family: `before ${about}`, phrase: `the same user had shown "${about}" before`, values: collected.again },
  ]
}

function attributeFact(name: string, values: Int32Array | Float64Array, field: LoadedField | undefined): readonly Fact[] {
  if (values instanceof Int32Array) return values.every((code) => code === -1) ? [] : [{ kind: 'category', group: 'attributes', name, codes: values, values: field?.kind === 'text' ? field.dictionary : [] }]
  if (values.every((value) => Number.isNaN(value))) return []
  if (field?.kind === 'boolean') return [{ kind: 'category', group: 'attributes', name, codes: Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value)), values: ['false', 'true'] }]
  return field?.kind === 'time' ? [] : [{ kind: 'number', group: 'attributes', name, form: 'number', values }]
}

/** Weekday and hour, holidays, and the days that the user has named. */
export function timeFacts(collected: Collected, zone: string, holidays: readonly Holiday[], dates: Dates | undefined, userOf: (chance: number) => string): readonly Fact[] {
  const times = localTimes(collected.time, zone)
  const facts = [...calendarFacts(times)]
  if (holidays.length > 0) {
    const all = [...new Set(holidays.map(({ day }) => day))]
    facts.push(...nearDays('a public holiday', times, () => all))
    for (const name of nearby(times, holidays)) {
      const days = holidays.filter((holiday) => holiday.name === name).map(({ day }) => day)
      facts.push(...nearDays(name, times, () => days))
    }
  }
  if (dates !== undefined) facts.push(...nearDays(dates.isPersonal ? "the user's own date" : 'a given date', times, (chance) => dates.of(userOf(chance))))
  return facts.filter((fact) => isOfCalendar(fact, times))
}

/** Holidays that any start is near to. */
function nearby({ day }: LocalTimes, holidays: readonly Holiday[]): ReadonlySet<string> {
  const days = new Set(day)
  const isNear = (holiday: number): boolean => Array.from({ length: 22 }, (_, index) => holiday - 14 + index).some((one) => days.has(one))
  return new Set(holidays.filter((holiday) => isNear(holiday.day)).map(({ name }) => name))
}

/** A column of a context table as a fact of the chances. */
export function contextFact(name: string, values: readonly (string | undefined)[] | Float64Array, placeOf: Int32Array): Fact {
  const group: FactGroup = 'context'
  if (values instanceof Float64Array) return { kind: 'number', group, name, form: 'number', values: Float64Array.from(placeOf, (place) => (place === -1 ? Number.NaN : (values[place] as number))) }
  const texts = [...new Set(values.filter((value) => value !== undefined && value !== ''))] as string[]
  const codes = new Map(texts.map((text, code) => [text, code]))
  return { kind: 'category', group, name, values: texts, codes: Int32Array.from(placeOf, (place) => (place === -1 ? -1 : (codes.get(values[place] ?? '') ?? -1))) }
}
