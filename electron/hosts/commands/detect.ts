import type { Command } from 'commander'
import type { CallOutput } from '../../../shared/contract/calls.ts'
import { matchToMachine } from '../../../shared/model/match-machine.ts'
import { readBehaviorFile, readBehaviors } from '../behavior-text.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { readMatchRows } from '../match-rows.ts'
import { formatCount, formatLocal, formatNumber, formatTable, printLine, printNote, safeText, toJsonLine } from '../output.ts'

interface Options extends CommonOptions {
  readonly save?: boolean
}

/** What a person looks at. */
const fewMatches = 10

/** `undercurrent detect`. */
export function detectCommand(): Command {
  return command('detect', 'find behaviors in the stored events')
    .argument('<file or name>', 'a .behavior file, - for standard input, or the name of a behavior that is saved')
    .option('--save', 'keep the behaviors in the workspace, where they follow every event that is stored')
    .addHelpText('after', '\nWith --json: one line a match with behavior, key, state (confirmed, or pending until), start, end, tied (where the order hangs on equal times), steps (label, type, time, source, topic, partition, offset) and returns, ordered by end, then start, then key. Times are ISO 8601 in UTC; times and durations among the returned values are microseconds.')
    .action(async (given: string, options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const { text, name } = await readBehaviors(client, given)
        if (options.save === true) {
          const { names } = await client.call('behaviors.save', { text })
          await client.call('behaviors.settled', {})
          printNote(`Saved: ${names.join(', ')}. From now on they follow what is stored.`)
        }
        if (options.json !== true) {
          const found = await client.call('behaviors.detect', { text, limit: fewMatches })
          for (const one of found) if (name === undefined || one.detection.behavior === name) await printDetected(one)
          return
        }
        for await (const bytes of client.stream('behaviors.all', { text })) for (const match of readMatchRows(bytes)) await printLine(toJsonLine(matchToMachine(match)))
      })
    })
}

/** `undercurrent check`. */
export function checkCommand(): Command {
  return command('check', 'say what is wrong with a file of behaviors, against a workspace')
    .argument('<file>', 'a .behavior file; - for standard input')
    .addHelpText('after', '\nWith --json: one line a problem with severity (error, warning), message, line, column, start, end (offsets in the text) and suggestion. Exit code 1 where there is an error.')
    .action(async (file: string, options: CommonOptions) => {
      await withExistingWorkspace(options, async (client) => {
        const text = await readBehaviorFile(file)
        const problems = await client.call('behaviors.check', { text })
        for (const problem of problems) {
          const { severity, line, column, message, suggestion } = problem
          await printLine(options.json === true ? toJsonLine(problem) : safeText(`${file}:${line}:${column}: ${severity}: ${message}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`))
        }
        if (problems.some(({ severity }) => severity === 'error')) process.exitCode = 1
        else if (options.json !== true) printNote(problems.length === 0 ? 'Nothing is wrong.' : 'Only warnings.')
      })
    })
}

async function printDetected({ detection, matches }: CallOutput<'behaviors.detect'>[number]): Promise<void> {
  const { behavior, occurrences, users, pending, open, tied, events } = detection
  await printLine(safeText(`${behavior}: ${formatCount(occurrences, 'occurrence')} of ${formatCount(users, 'user')}`))
  await printLine(`  ${pending === 1 ? '1 match is' : `${formatNumber(pending)} matches are`} pending, ${formatCount(open, 'open sequence')}, ${formatCount(tied, 'tie')}, in ${formatCount(events, 'event')}`)
  const rows = matches.map(({ key, state, start, steps, returns }) => [Object.values(key).join(', '), state, formatLocal(start), steps.map(({ label }) => label).join(' → '), Object.entries(returns).map(([name, value]) => `${name}=${String(value)}`).join(' ')])
  if (rows.length > 0) for (const line of formatTable(['key', 'state', 'start', 'steps', 'returns'], rows)) await printLine(`  ${line}`)
  if (occurrences > matches.length) await printLine(`  … and ${formatNumber(occurrences - matches.length)} more; --json prints all`)
  await printLine('')
}
