import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { CallOutput } from '../../../shared/contract/calls.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Match } from '../../../shared/model/match.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatCount, formatLocal, formatNumber, formatTable, printLine, printNote, safeText, toJsonLine } from '../output.ts'

/** Every match that there is: what is printed for machines is whole. */
const everyMatch = 5_000_000
/** What a person looks at. */
const fewMatches = 10

/** `undercurrent detect`. */
export function detectCommand(): Command {
  return command('detect', 'find the behaviors of a file in the stored events')
    .argument('<file>', 'a .behavior file; - for standard input')
    .addHelpText('after', '\nWith --json: one line a match with behavior, key, state, start, end, steps (label, type, time, topic, partition, offset) and returns, ordered by end, then start, then key. Times are ISO 8601 in UTC, durations microseconds.')
    .action(async (file: string, options: CommonOptions) => {
      await withExistingWorkspace(options, async (client) => {
        const text = await readText(file)
        const found = await client.call('behaviors.detect', { text, limit: options.json === true ? everyMatch : fewMatches })
        if (options.json === true) for (const { matches } of found) for (const match of matches) await printLine(toJsonLine(toMachine(match)))
        else for (const one of found) await printDetected(one)
      })
    })
}

/** `undercurrent check`. */
export function checkCommand(): Command {
  return command('check', 'say what is wrong with a file of behaviors, against a workspace')
    .argument('<file>', 'a .behavior file; - for standard input')
    .action(async (file: string, options: CommonOptions) => {
      await withExistingWorkspace(options, async (client) => {
        const text = await readText(file)
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

async function readText(file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8')
    const parts: Buffer[] = []
    for await (const part of process.stdin) parts.push(part as Buffer)
    return Buffer.concat(parts).toString('utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${file} cannot be read.`, { hint: 'Check the name, and that you may read it.', cause })
  }
}

/** A match as machines get it. */
function toMachine({ behavior, key, state, until, start, end, tied, steps, returns }: Match): object {
  return {
    behavior,
    key,
    state,
    ...(until === undefined ? {} : { until: formatIso(until) }),
    start: formatIso(start),
    end: formatIso(end),
    ...(tied ? { tied } : {}),
    steps: steps.map(({ label, type, time, source, position }) => ({ label, type, time: formatIso(time), source, topic: position.topic, partition: position.partition, offset: position.offset })),
    returns,
  }
}

/** ISO 8601 in UTC with as many digits as the time has. */
function formatIso(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const iso = new Date(Number((micros - rest) / 1000n)).toISOString()
  return rest === 0n ? iso : iso.replace('Z', `${rest.toString().padStart(3, '0')}Z`)
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
