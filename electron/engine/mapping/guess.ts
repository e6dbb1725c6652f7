import type { MappingGuess } from '../../../shared/model/mapping.ts'
import type { Candidate } from './candidate.ts'
import { profileFields, type GuessRecord } from './flatten.ts'
import { guessAttributes } from './guess-attributes.ts'
import { guessKey } from './guess-key.ts'
import { guessTime } from './guess-time.ts'
import { guessType } from './guess-type.ts'

/** So many columns are worth their room without being asked for. */
const mappedAttributes = 20

/**
 * Guesses which fields are the key, the type, the time and the attributes of a topic's events, with a reason for each
 * that a person can check. Names weigh most, and values must agree: a key repeats, types are few, times are times.
 * Every path of the guess is one that the store can read.
 */
export function guessMapping(records: readonly GuessRecord[], { topic }: { readonly topic: string }): MappingGuess {
  const fields = profileFields(records)
  const keys = guessKey(fields, records.length)
  const types = guessType(fields, records.length, topic)
  const times = guessTime(fields, records)
  const used = new Set([keys[0]?.field, types[0]?.field, times[0]?.field])
  const attributes = guessAttributes(fields.filter((field) => !used.has(field)), records.length)
  return {
    mapping: {
      key: keys[0]?.path ?? '$key',
      type: types[0]?.path ?? '$topic',
      time: times[0]?.path ?? '$broker_time',
      timeFormat: times[0]?.format ?? 'iso',
      attributes: attributes.slice(0, mappedAttributes).map(({ name, path, type }) => ({ name, path, type })),
    },
    key: keys.map(toGuess),
    type: types.map(toGuess),
    time: times.map(toGuess),
    attributes,
  }
}

function toGuess({ path, confidence, reason }: Candidate): MappingGuess['key'][number] {
  return { path, confidence: Math.min(1, confidence), reason }
}
