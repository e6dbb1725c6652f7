import { Option, type Command } from 'commander'
import type { Client } from '../../../shared/contract/client.ts'
import { AppError } from '../../../shared/errors.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { readEvents, type EventRow } from '../event-rows.ts'
import { nearestUsers } from '../nearest-users.ts'
import { formatCount, formatLocal, formatSpan, formatTime, printLine, printNote, safeText, shortText, toJsonLine, toJsonLineWith } from '../output.ts'
import { parseMicros, wholeNumber } from '../values.ts'

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
    .addOption(new Option('--from <time>', 'not before: ISO 8601, UTC where it names no zone').argParser(parseMicros))
    .addOption(new Option('--to <time>', 'before: ISO 8601, UTC where it names no zone').argParser(parseMicros))
    .addOption(new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 5_000_000)))
    .addHelpText('after', '\nWith --json: one line an event with time, brokerTime (ISO 8601, UTC), type, source, topic, partition, offset, key, late, attributes, and id, correlationid, causationid where it has them; payload comes last: JSON as it was, text, or null.')
    .action(async (user: string, options: Options) => {
      await withExistingWorkspace(options, (client) => showTimeline(client, user, options))
    })
}

/** Prints a user's timeline, event by event as they come. @throws AppError NOT_FOUND when there is no such user */
export async function showTimeline(client: Client, user: string, options: Omit<Options, 'workspace'>): Promise<void> {
  let count = 0
  let before: EventRow | undefined
  const { from, to, limit } = options
  for await (const bytes of client.stream('timeline.events', { key: user, from, to, limit })) {
    for (const event of readEvents(bytes)) {
      count++
      await printLine(options.json === true ? eventToJson(event) : formatEvent(event, before))
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
  const { users, exact } = await nearestUsers(client, user)
  if (users.includes(user)) {
    printNote('No events in this range of time.')
    return
  }
  const names = users.map((name) => shortText(name, 60)).join(', ')
  const hint = users.length === 0 ? '`undercurrent users` lists who is there.' : exact ? `Users that contain it: ${names}.` : `The nearest are: ${names}.`
  throw new AppError('NOT_FOUND', `There is no user ${user}.`, { hint })
}

function eventToJson({ time, brokerTime, payload, id, correlationid, causationid, ...rest }: EventRow): string {
  const event = { time: formatTime(time), brokerTime: formatTime(brokerTime), ...rest, id: id ?? undefined, correlationid: correlationid ?? undefined, causationid: causationid ?? undefined }
  return payload !== null && isJson(payload) ? toJsonLineWith(event, 'payload', payload) : toJsonLine({ ...event, payload })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function formatEvent(event: EventRow, before: EventRow | undefined): string {
  const pauseMs = before === undefined ? 0 : Number((event.time - before.time) / 1000n)
  const pause = pauseMs > sessionGapMs ? `  … ${formatSpan(pauseMs)} later\n` : ''
  const attributes = Object.entries(event.attributes).map(([name, value]) => `${name}=${shortText(String(value), 80)}`).join(' ')
  return `${pause}${formatLocal(event.time)}  ${shortText(event.type, 40).padEnd(20)}  ${attributes}${event.late ? '  (late)' : ''}  ${safeText(event.topic)}/${event.partition}@${event.offset}`
}
