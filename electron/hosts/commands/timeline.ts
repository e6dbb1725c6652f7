import { Option, type Command } from 'commander'
import type { Client } from '../../../shared/contract/client.ts'
import { AppError } from '../../../shared/errors.ts'
import { command, withEngine, type CommonOptions } from '../command.ts'
import { readEvents, type EventRow } from '../event-rows.ts'
import { formatCount, formatSpan, formatTime, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { parseCount, parseMicros } from '../values.ts'

interface Options extends CommonOptions {
  readonly from?: bigint
  readonly to?: bigint
  readonly limit?: number
}

/** A pause longer than this is shown as one. */
const sessionGapMs = 30 * 60_000

/** `undercurrent timeline USER`. */
export function timelineCommand(): Command {
  return command('timeline', "show a user's events in order")
    .argument('<user>', 'the user\'s key, whole')
    .addOption(new Option('--from <time>', 'not before').argParser(parseMicros))
    .addOption(new Option('--to <time>', 'before').argParser(parseMicros))
    .addOption(new Option('--limit <n>', 'how many at most').argParser(parseCount))
    .addHelpText('after', '\nWith --json: one line an event with time, brokerTime (ISO 8601, UTC), type, source, topic, partition, offset, key, late, attributes, payload, and id, correlationid, causationid where it has them.')
    .action(async (user: string, options: Options) => {
      await withEngine(options, (client) => showTimeline(client, user, options))
    })
}

/** Prints a user's timeline, event by event as they come. @throws AppError NOT_FOUND when there is no such user */
export async function showTimeline(client: Client, user: string, options: Omit<Options, 'workspace'>): Promise<void> {
  let count = 0
  let before: EventRow | undefined
  const input = { key: user, ...(options.from === undefined ? {} : { from: options.from }), ...(options.to === undefined ? {} : { to: options.to }), ...(options.limit === undefined ? {} : { limit: options.limit }) }
  for await (const bytes of client.stream('timeline.events', input)) {
    for (const event of readEvents(bytes)) {
      count++
      await printLine(options.json === true ? toJsonLine(toJson(event)) : formatEvent(event, before))
      before = event
    }
  }
  if (count > 0) {
    if (options.json !== true) printNote(formatCount(count, 'event'))
    return
  }
  await explainNothing(client, user)
}

async function explainNothing(client: Client, user: string): Promise<void> {
  const { users } = await client.call('users.list', { text: user, sort: 'activity', descending: true, limit: 6, offset: 0 })
  if (users.some(({ key }) => key === user)) return printNote('No events in this range of time.')
  const near = users.map(({ key }) => safeText(key))
  throw new AppError('NOT_FOUND', `There is no user ${user}.`, { hint: near.length > 0 ? `Users that contain it: ${near.join(', ')}.` : '`undercurrent users` lists who is there.' })
}

function toJson({ time, brokerTime, payload, id, correlationid, causationid, ...rest }: EventRow): unknown {
  return {
    time: formatTime(time),
    brokerTime: formatTime(brokerTime),
    ...rest,
    ...(id === null ? {} : { id }),
    ...(correlationid === null ? {} : { correlationid }),
    ...(causationid === null ? {} : { causationid }),
    payload: payload === null ? null : (JSON.parse(payload) as unknown),
  }
}

function formatEvent(event: EventRow, before: EventRow | undefined): string {
  const pauseMs = before === undefined ? 0 : Number((event.time - before.time) / 1000n)
  const pause = pauseMs > sessionGapMs ? `  … ${formatSpan(pauseMs)} later\n` : ''
  const attributes = Object.entries(event.attributes).map(([name, value]) => `${name}=${safeText(String(value))}`).join(' ')
  return `${pause}${formatTime(event.time)}  ${safeText(event.type).padEnd(20)}  ${attributes}${event.late ? '  (late)' : ''}  ${safeText(event.topic)}/${event.partition}@${event.offset}`
}
