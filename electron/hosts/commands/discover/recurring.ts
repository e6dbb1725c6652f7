import { Option, InvalidArgumentError } from 'commander'
import type { RecurringQuestion } from '../../../../shared/model/discovery.ts'
import { formatCount, formatNumber, printLine, printNote, safeText, toJsonLine } from '../../output.ts'
import { recurringLines } from './recurring-text.ts'
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
      for (const note of found.notes) printNote(safeText(note))
      return
    }
    await printLine(`Recurring: ${formatNumber(found.recurring.length)} found, ${formatNumber(found.tried)} series tried in ${formatCount(found.events, 'event')}`)
    for (const line of found.recurring.flatMap(recurringLines)) await printLine(line)
    for (const note of found.notes) printNote(safeText(note))
  },
}

function parseBy(text: string): RecurringQuestion['by'] {
  const chosen = text.split(',').map((part) => part.trim())
  const wrong = chosen.find((part) => !parts.some((one) => one === part))
  if (wrong !== undefined) throw new InvalidArgumentError(`Choose among ${parts.join(', ')}.`)
  return parts.filter((part) => chosen.includes(part))
}
