import type { Mapping, MappingGuess } from '../../../shared/model/mapping.ts'

/** How many records a mapping is guessed from. */
export const sampleSize = 1000

/** What a user has said of a mapping; the rest is guessed. */
export type GivenMapping = { readonly [F in keyof Mapping]?: Mapping[F] | undefined }

/** The mapping that the user has given, with guesses for what was left out. */
export function completeMapping(given: GivenMapping | undefined, guess: MappingGuess): Mapping {
  return overlay(guess.mapping, given)
}

/** A mapping with some of its fields replaced. */
export function overlay(mapping: Mapping, given: GivenMapping | undefined): Mapping {
  return {
    key: given?.key ?? mapping.key,
    type: given?.type ?? mapping.type,
    time: given?.time ?? mapping.time,
    timeFormat: given?.timeFormat ?? mapping.timeFormat,
    attributes: given?.attributes ?? mapping.attributes,
  }
}
