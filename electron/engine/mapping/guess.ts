import { formatFieldPath, type PathStep } from '../../../shared/model/field-path.ts'
import type { Attribute, AttributeType, Guess, MappingGuess, TimeFormat } from '../../../shared/model/mapping.ts'
import { mainKind, profileFields, type FieldProfile } from './flatten.ts'
import { readTime } from './time-text.ts'

/** A decoded record, as far as a guess needs it. */
export interface GuessRecord {
  readonly key: string | null
  readonly headers: readonly { readonly name: string; readonly value: string | null }[]
  /** Epoch milliseconds. */
  readonly brokerTime: number
  /** CloudEvents attributes. */
  readonly context: Readonly<Record<string, unknown>> | null
  readonly data: unknown
}

const mostAttributes = 20

/** Names that say what a field is, best first; compared without case and separators. */
const keyNames = ['userid', 'user', 'customerid', 'customer', 'visitorid', 'visitor', 'accountid', 'account', 'memberid', 'uid', 'distinctid', 'anonymousid', 'personid', 'profileid', 'clientid', 'deviceid', 'subject', 'sessionid', 'session']
const typeNames = ['eventtype', 'type', 'eventname', 'event', 'action', 'name', 'kind', 'activity', 'operation', 'category', 'message']
const timeNames = ['eventtime', 'time', 'timestamp', 'eventtimestamp', 'occurredat', 'ts', 'createdat', 'datetime', 'date', 'at', 'when', 'servertime', 'clienttime']

/** A guess with what else it says. */
type Candidate = Guess & { readonly field?: FieldProfile; readonly format?: TimeFormat }

/**
 * Guesses which fields are the key, the type, the time and the attributes of a topic's events, with a reason for each
 * that a person can check. Names weigh most; values must agree: a key repeats, types are few, times are times.
 */
export function guessMapping(records: readonly GuessRecord[], { topic }: { readonly topic: string }): MappingGuess {
  const fields = profileFields(records.map(({ data }) => data))
  const times = timeGuesses(records, fields)
  const types = typeGuesses(records, fields, topic)
  const keys = keyGuesses(records, fields, new Set([types[0]?.field, times[0]?.field]))
  const used = new Set([keys[0]?.field, types[0]?.field, times[0]?.field])
  const attributes = attributeGuesses(records.length, fields.filter((field) => !used.has(field)))
  return {
    mapping: {
      key: keys[0]?.path ?? '$key',
      type: types[0]?.path ?? '$topic',
      time: times[0]?.path ?? '$broker_time',
      timeFormat: times[0]?.format ?? 'iso',
      attributes: attributes.map(({ name, path, type }) => ({ name, path, type })),
    },
    key: keys.map(toGuess),
    type: types.map(toGuess),
    time: times.map(toGuess),
    attributes,
  }
}

function keyGuesses(records: readonly GuessRecord[], fields: readonly FieldProfile[], taken: ReadonlySet<FieldProfile | undefined>): Candidate[] {
  const guesses: Candidate[] = []
  for (const field of fields) {
    const kind = mainKind(field)
    if (taken.has(field) || (kind !== 'string' && kind !== 'integer')) continue
    const named = nameRank(field, keyNames)
    if (named === undefined) continue
    guesses.push({ path: pathOf(field), field, confidence: 0.95 * named * share(field, records.length), reason: `${pathOf(field)}: ${count(field.distinct.size, 'different value')} in ${count(field.present, 'record')}, and its name says who` })
  }
  const keys = records.flatMap(({ key }) => (key === null || key === '' ? [] : [key]))
  if (keys.length > 0) {
    const distinct = new Set(keys).size
    guesses.push({ path: '$key', confidence: (keys.length / records.length) * (distinct < keys.length || keys.length < 3 ? 0.7 : 0.4), reason: `the record key: ${count(distinct, 'different key')} in ${count(keys.length, 'record')}` })
  }
  const subjects = records.flatMap(({ context }) => (typeof context?.subject === 'string' ? [context.subject] : []))
  if (subjects.length > 0) guesses.push({ path: '$ce.subject', confidence: (subjects.length / records.length) * 0.6, reason: `the CloudEvents subject: ${count(new Set(subjects).size, 'different subject')} in ${count(subjects.length, 'record')}` })
  guesses.push({ path: '$key', confidence: 0.05, reason: 'nothing names a user; the record key is what ties a topic\'s events together' })
  return best(guesses)
}

function typeGuesses(records: readonly GuessRecord[], fields: readonly FieldProfile[], topic: string): Candidate[] {
  const guesses: Candidate[] = []
  const events = records.filter(({ context }) => context !== null).length
  if (events > 0) guesses.push({ path: '$ce.type', confidence: events / records.length, reason: 'the CloudEvents type' })
  for (const field of fields) {
    const named = nameRank(field, typeNames)
    if (named === undefined || mainKind(field) !== 'string' || [...field.distinct].some((text) => text.length > 100)) continue
    const few = field.distinct.size <= Math.max(3, field.present * 0.2) ? 1 : 0.3
    guesses.push({ path: pathOf(field), field, confidence: 0.95 * named * few * share(field, records.length), reason: `${pathOf(field)}: ${count(field.distinct.size, 'different value')} in ${count(field.present, 'record')}, such as ${examples(field)}` })
  }
  guesses.push({ path: '$topic', confidence: 0.1, reason: `no field says what happened, so every event is of the type ${topic}` })
  return best(guesses)
}

function timeGuesses(records: readonly GuessRecord[], fields: readonly FieldProfile[]): Candidate[] {
  const guesses: Candidate[] = []
  const stamped = records.filter(({ context }) => typeof context?.time === 'string').length
  if (stamped > 0) guesses.push({ path: '$ce.time', format: 'iso', confidence: stamped / records.length, reason: 'the CloudEvents time' })
  for (const field of fields) {
    const read = [...field.distinct].map((text) => readTime(text))
    const formats = new Set(read.map((time) => time?.format))
    const [format] = formats
    if (formats.size !== 1 || format === undefined) continue
    const named = nameRank(field, timeNames)
    const looksLikeTime = format === 'iso' ? 0.7 : 0.4
    const form = format === 'iso' ? 'dates with times' : `times as ${format.replace('epoch_', '')} since 1970`
    guesses.push({ path: pathOf(field), field, format, confidence: (named === undefined ? looksLikeTime : 0.75 + 0.2 * named) * share(field, records.length), reason: `${pathOf(field)}: its values are ${form}, such as ${examples(field)}` })
  }
  guesses.push({ path: '$broker_time', format: 'iso', confidence: 0.1, reason: "no field says when it happened, so the broker's time stands for it" })
  return best(guesses)
}

function attributeGuesses(recordCount: number, fields: readonly FieldProfile[]): MappingGuess['attributes'] {
  const names = new Set<string>()
  return fields
    .flatMap((field): (Attribute & Guess)[] => {
      const type = attributeType(field)
      if (type === undefined) return []
      const unique = field.distinct.size === field.present && field.present > 20
      return [{ name: attributeName(field.steps), path: pathOf(field), type, confidence: share(field, recordCount) * (unique ? 0.4 : 0.9), reason: `${count(field.distinct.size, 'different value')} in ${count(field.present, 'record')}, such as ${examples(field)}` }]
    })
    .sort((a, b) => b.confidence - a.confidence)
    .filter(({ name }) => !names.has(name) && names.add(name))
    .slice(0, mostAttributes)
}

function attributeType(field: FieldProfile): AttributeType | undefined {
  switch (mainKind(field)) {
    case 'integer':
      return 'integer'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'string':
      return textType(field)
    default:
      return undefined
  }
}

/** Numbers that are written as texts (every value of a CSV file is one) are numbers; codes with leading zeros stay texts. */
function textType(field: FieldProfile): AttributeType {
  const values = [...field.distinct]
  if (values.every((text) => /^-?(0|[1-9]\d{0,14})\.\d{1,9}$/.test(text) || /^-?(0|[1-9]\d{0,14})$/.test(text))) return values.some((text) => text.includes('.')) ? 'number' : 'text'
  return values.every((text) => readTime(text)?.format === 'iso') ? 'time' : 'text'
}

function attributeName(steps: readonly PathStep[]): string {
  const name = steps.map((step) => ('name' in step ? step.name : '')).join('_').replace(/[^A-Za-z0-9_]/g, '_').slice(0, 60)
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}

/** How well a field's name fits a list, 1 for its first; names of fields further inside count a little less. */
function nameRank(field: FieldProfile, names: readonly string[]): number | undefined {
  const last = field.steps.at(-1)
  if (last === undefined || !('name' in last)) return undefined
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const own = names.indexOf(plain(last.name))
  const parent = field.steps.at(-2)
  const joined = parent !== undefined && 'name' in parent ? names.indexOf(plain(parent.name + last.name)) : -1
  const rank = own === -1 ? joined : joined === -1 ? own : Math.min(own, joined)
  return rank === -1 ? undefined : (1 - rank / (2 * names.length)) * 0.95 ** (field.steps.length - 1)
}

function best(guesses: Candidate[]): Candidate[] {
  const paths = new Set<string>()
  return guesses.sort((a, b) => b.confidence - a.confidence).filter(({ path }) => !paths.has(path) && paths.add(path)).slice(0, 6)
}

function toGuess({ path, confidence, reason }: Candidate): Guess {
  return { path, confidence, reason }
}

function pathOf(field: FieldProfile): string {
  return formatFieldPath({ from: 'payload', steps: field.steps })
}

function share(field: FieldProfile, records: number): number {
  return records === 0 ? 0 : Math.min(1, field.present / records)
}

function examples(field: FieldProfile): string {
  return [...field.distinct].slice(0, 3).map((text) => text.slice(0, 40)).join(', ')
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`
}
