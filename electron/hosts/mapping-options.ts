import { Option, type Command } from 'commander'
import { TimeFormat, type Attribute, type Mapping, type MappingGuess } from '../../shared/model/mapping.ts'
import { parseAttributesOption, parseMapOption, type AttributeOption, type MapOption } from '../../shared/model/parse-map-option.ts'
import { optionOf } from './command.ts'
import { parseDuration } from './values.ts'

/** The options that say how events are mapped. */
export interface MappingOptions {
  readonly map?: MapOption
  readonly attributes?: readonly AttributeOption[]
  readonly timeFormat?: TimeFormat
}

/** Adds the options of a mapping to a command. */
export function addMappingOptions(command: Command): Command {
  return command
    .addOption(new Option('--map <fields>', 'where key, type and time are: key=user_id,type=event_type,time=event_time; the rest is guessed. $key, $topic, $broker_time, $headers.NAME and $ce.NAME name the record itself').argParser(optionOf(parseMapOption)))
    .addOption(new Option('--attributes <fields>', 'fields that become typed columns: product_id,price:number,session=user_session:text').argParser(optionOf(parseAttributesOption)))
    .addOption(new Option('--time-format <format>', 'how times are written').choices(TimeFormat.options))
}

/** The option that says how late an event may be. */
export function latenessOption(): Option {
  return new Option('--lateness <duration>', 'how far behind the newest event one may be before it counts as late (1m by default)').argParser(parseDuration)
}

/**
 * The mapping that the options ask for; undefined where they ask for nothing.
 *
 * @param attributesOf asks for attributes whose types are known or guessed; needed where an option leaves a type out
 */
export async function givenMapping({ map, attributes: named, timeFormat }: MappingOptions, attributesOf: () => Promise<readonly Attribute[]>): Promise<Partial<Mapping> | undefined> {
  if (map === undefined && named === undefined && timeFormat === undefined) return undefined
  const known = named?.some(({ type }) => type === undefined) === true ? await attributesOf() : []
  const attributes = named?.map(({ name, path, type }): Attribute => ({ name, path, type: type ?? known.find((attribute) => attribute.path === path)?.type ?? 'text' }))
  return { ...map, ...(attributes === undefined ? {} : { attributes }), ...(timeFormat === undefined ? {} : { timeFormat }) }
}

/** The attributes of a guess. */
export function attributesOfGuess({ attributes }: MappingGuess): readonly Attribute[] {
  return attributes.map(({ name, path, type }) => ({ name, path, type }))
}
