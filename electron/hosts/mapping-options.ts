import { Option, type Command } from 'commander'
import type { Attribute, Mapping, MappingGuess } from '../../shared/model/mapping.ts'
import { TimeFormat } from '../../shared/model/mapping.ts'
import { parseAttributesOption, parseMapOption } from '../../shared/model/parse-map-option.ts'
import { valueOf } from './command.ts'
import { parseDuration } from './values.ts'

/** The options that say how events are mapped. */
export interface MappingOptions {
  readonly map?: string
  readonly attributes?: string
  readonly timeFormat?: TimeFormat
  readonly lateness?: number
}

/** Adds the options of a mapping to a command. */
export function addMappingOptions(command: Command): Command {
  return command
    .option('--map <fields>', 'where key, type and time are: key=user_id,type=event_type,time=event_time; the rest is guessed. $key, $topic, $broker_time, $headers.NAME and $ce.NAME name the record itself')
    .option('--attributes <fields>', 'fields that become typed columns: product_id,price:number,session=user_session:text')
    .addOption(new Option('--time-format <format>', 'how times are written').choices(TimeFormat.options))
    .addOption(new Option('--lateness <duration>', 'how far behind the newest event one may be before it counts as late (1m by default)').argParser(parseDuration))
}

/**
 * The mapping that the options ask for; undefined where they ask for nothing.
 *
 * @param sample asks for a guess; it is needed where an attribute's type or the form of the time is left out
 */
export async function givenMapping(options: MappingOptions, sample: () => Promise<MappingGuess>): Promise<Partial<Mapping> | undefined> {
  const paths = options.map === undefined ? {} : valueOf(parseMapOption(options.map))
  const named = options.attributes === undefined ? undefined : valueOf(parseAttributesOption(options.attributes))
  if (Object.keys(paths).length === 0 && named === undefined && options.timeFormat === undefined) return undefined
  const guess = named?.some(({ type }) => type === undefined) === true ? await sample() : undefined
  const attributes = named?.map((attribute): Attribute => ({ name: attribute.name, path: attribute.path, type: attribute.type ?? guess?.attributes.find(({ path }) => path === attribute.path)?.type ?? 'text' }))
  return { ...paths, ...(attributes === undefined ? {} : { attributes }), ...(options.timeFormat === undefined ? {} : { timeFormat: options.timeFormat }) }
}
