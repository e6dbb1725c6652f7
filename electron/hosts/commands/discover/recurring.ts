import { Option, InvalidArgumentError } from 'commander'
import { nameOf } from '../../../../shared/discover/recurring/recurring-name.ts'
import type { FoundRecurring, RecurringQuestion } from '../../../../shared/model/discovery.ts'
import { formatCount, formatNumber, formatSpan, formatTime, printLine, printNote, safeText, toJsonLine } from '../../output.ts'
import { within, type DiscoverKind, type DiscoverOptions } from './kind.ts'

interface Options extends DiscoverOptions {
  readonly by?: RecurringQuestion['by']
}

const parts = ['type', 'attribute', 'key'] as const

/** `undercurrent discover --kind recurring`. */
export const recurring: DiscoverKind<Options> = {
  name: 'recurring',
  options: (command) => command.addOption(new Option('--by <what>', 'recurring: look at every type, every type with one value of an attribute, every type of one key; separated by commas, all by default').argParser(parseBy)),
  help: `
With --json, recurring: one line a finding, the surest first: kind (recurring), type, attribute and value or key where it is
about these, period, jitter (standard deviation) and tolerance (half of the window) in microseconds, phase (the middle of the
first window), next (when the next is expected), hits and missed (all of them) in microseconds since the epoch, slots (how many
were expected), events, episodes (bursts count once), users, concentration (the share of episodes in the windows), p
(corrected for everything tried), overdue (how many expected ones have not come since the last) and behavior.
A behavior that is saved is watched: when what it expects does not come, undercurrent tail says MISSED, and the app notifies.`,
  async run(client, options) {
    const found = await client.call('discover.recurring', { ...within(options), ...(options.by === undefined ? {} : { by: options.by }), ...(options.limit === undefined ? {} : { limit: options.limit }) })
    if (options.json === true) {
      for (const one of found.recurring) await printLine(toJsonLine({ kind: 'recurring', ...one }))
      return
    }
    await printLine(`Recurring: ${formatNumber(found.recurring.length)} found, ${formatNumber(found.tried)} series tried in ${formatCount(found.events, 'event')}`)
    for (const one of found.recurring) await printFinding(one)
    for (const note of found.notes) printNote(safeText(note))
  },
}

async function printFinding(one: FoundRecurring): Promise<void> {
  const { period, jitter, hits, slots, p, next, overdue, missed } = one
  await printLine(safeText(`${nameOf(one)} comes back every ${periodText(period)} at ${moment(one.phase).slice(isWholeDays(period) ? 11 : 0)} UTC ± ${formatSpan(jitter / 1000)}: ${hits.length} of ${slots} expected, p ${p < 0.001 ? '< 0.001' : `= ${p.toPrecision(2)}`}; next ${moment(next)}`))
  const latest = missed[missed.length - 1]
  if (overdue > 0 && latest !== undefined) await printLine(`  OVERDUE: ${overdue === 1 ? 'one that was expected has' : `${formatNumber(overdue)} in a row that were expected have`} not come, the last at ${moment(latest)} UTC`)
}

/** Whether a period is so near to whole days that it comes at the same time of day, microseconds. */
function isWholeDays(period: number): boolean {
  const days = Math.round(period / 86_400_000_000)
  return days > 0 && Math.abs(period - days * 86_400_000_000) < 1_800_000_000
}

function periodText(period: number): string {
  const minutes = Math.round(period / 60_000_000)
  return `${formatNumber(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

function moment(micros: number): string {
  return formatTime(BigInt(Math.round(micros / 60_000_000)) * 60_000_000n).slice(0, 16).replace('T', ' ')
}

function parseBy(text: string): RecurringQuestion['by'] {
  const chosen = text.split(',').map((part) => part.trim())
  const wrong = chosen.find((part) => !parts.some((one) => one === part))
  if (wrong !== undefined) throw new InvalidArgumentError(`Choose among ${parts.join(', ')}.`)
  return parts.filter((part) => chosen.includes(part))
}
