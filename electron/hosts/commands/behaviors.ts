import { Option, type Command } from 'commander'
import type { CallOutput } from '../../../shared/contract/calls.ts'
import { AppError } from '../../../shared/errors.ts'
import { formatIso, matchToMachine, stepToMachine } from '../../../shared/model/match-machine.ts'
import { readBehaviors } from '../behavior-text.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatLocal, formatNumber, formatTable, printLine, printNote, safeText, toJsonLine } from '../output.ts'

interface ListOptions extends CommonOptions {
  readonly remove?: string
  readonly text?: string
}

interface ExplainOptions extends CommonOptions {
  readonly key: readonly string[]
}

/** `undercurrent behaviors`. */
export function behaviorsCommand(): Command {
  return command('behaviors', 'list the behaviors that are saved in a workspace')
    .option('--text <name>', 'print the definition of one')
    .option('--remove <name>', 'forget one, with its matches')
    .addHelpText('after', '\nWith --json: one line a behavior with name, version, state (waiting, running, live, failed), failure, occurrences, users, pending, tied, events, watermark, foundAt and text.')
    .action(async (options: ListOptions) => {
      await withExistingWorkspace(options, async (client) => {
        if (options.remove !== undefined) {
          await client.call('behaviors.remove', { name: options.remove })
          return
        }
        await client.call('behaviors.settled', {})
        const all = await client.call('behaviors.list', {})
        if (options.text !== undefined) {
          const one = all.find(({ name }) => name === options.text)
          if (one === undefined) throw new AppError('NOT_FOUND', `This workspace has no behavior named "${options.text}".`, { hint: 'See what there is with `undercurrent behaviors`.' })
          await printLine(safeText(one.text))
          return
        }
        if (options.json === true) {
          for (const one of all) await printLine(toJsonLine(toMachine(one)))
          return
        }
        if (all.length === 0) printNote('No behavior is saved here. `undercurrent detect FILE --save` keeps those of a file.')
        const rows = all.map(({ name, version, state, occurrences, users, pending, failure }) => [name, String(version), state, formatNumber(occurrences), formatNumber(users), formatNumber(pending), failure ?? ''])
        if (rows.length > 0) for (const line of formatTable(['name', 'version', 'state', 'occurrences', 'users', 'pending', ''], rows)) await printLine(line)
      })
    })
}

function toMachine({ name, version, state, failure, occurrences, users, pending, tied, events, watermark, foundAt, text }: CallOutput<'behaviors.list'>[number]): object {
  return {
    name, version, state, occurrences, users, pending, tied, events,
    ...(failure === undefined ? {} : { failure }),
    ...(watermark === undefined ? {} : { watermark: formatIso(watermark) }),
    ...(foundAt === undefined ? {} : { foundAt: formatIso(foundAt) }),
    text,
  }
}

/** `undercurrent explain`. */
export function explainCommand(): Command {
  return command('explain', 'say why a behavior has matched for a key, or what was missing')
    .argument('<file or name>', 'a .behavior file with one behavior, - for standard input, or the name of a saved one')
    .addOption(new Option('--key <value...>', 'the values of the first fields that the behavior is by: a user, or a user and an item').makeOptionMandatory())
    .addHelpText('after', '\nWith --json: one line a sequence with key, events, matches (as of detect), misses (reached, of, reason, isOpen, steps, event), the nearest first.')
    .action(async (given: string, options: ExplainOptions) => {
      await withExistingWorkspace(options, async (client) => {
        const { text, name } = await readBehaviors(client, given)
        const explanations = await client.call('behaviors.explain', { text, ...(name === undefined ? {} : { name }), key: [...options.key] })
        if (explanations.length === 0 && options.json !== true) printNote('There is no event with this key that the behavior looks at.')
        for (const one of explanations) {
          if (options.json === true) await printLine(toJsonLine({ ...one, matches: one.matches.map(matchToMachine), misses: one.misses.map(({ steps, event, ...miss }) => ({ ...miss, steps: steps.map(stepToMachine), ...(event === undefined ? {} : { event: stepToMachine(event) }) })) }))
          else await printExplanation(one)
        }
      })
    })
}

async function printExplanation({ key, matches, misses }: CallOutput<'behaviors.explain'>[number]): Promise<void> {
  await printLine(safeText(Object.entries(key).map(([field, value]) => `${field} ${String(value)}`).join(', ')))
  for (const { state, until, steps } of matches) {
    await printLine(safeText(`  ${until === undefined ? state : `${state} until ${formatLocal(until)}`}: ${steps.map(({ label, type, time, position }) => `${label} ${type} ${formatLocal(time)} (${position.topic}/${position.partition}@${position.offset})`).join(' → ')}`))
  }
  for (const { reached, of, reason, steps, isOpen } of misses) {
    const [first] = steps
    await printLine(safeText(`  ${isOpen ? 'open' : 'missed'} after ${reached} of ${of} steps${first === undefined ? '' : `, begun ${formatLocal(first.time)}`}: ${reason}`))
  }
}
