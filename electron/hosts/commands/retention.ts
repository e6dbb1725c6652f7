import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Retention } from '../../../shared/model/workspace.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatBytes, formatCount, formatNumber, printLine, printNote, toJsonLine } from '../output.ts'
import { parseDuration, parseSize } from '../values.ts'

interface Options extends CommonOptions {
  readonly maxAge?: number | 'off'
  readonly maxSize?: number | 'off'
}

/** `undercurrent retention`. */
export function retentionCommand(): Command {
  return command('retention', 'show or set how long and how much the workspace keeps (both off by default)')
    .addOption(new Option('--max-age <duration>', 'remove events older than this, such as 30d; off keeps them').argParser((text) => (text === 'off' ? 'off' : positive(parseDuration(text)))))
    .addOption(new Option('--max-size <size>', 'remove the oldest events above this size, such as 10GB; off keeps them').argParser((text) => (text === 'off' ? 'off' : positive(parseSize(text)))))
    .addHelpText('after', '\nWith --json: one line with maxAgeDays and maxBytes where they are set, and removed where something was changed.')
    .action(async (options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const now = await client.call('retention.get', {})
        if (options.maxAge === undefined && options.maxSize === undefined) return show(now, undefined, options.json)
        const maxAgeDays = options.maxAge === undefined ? now.maxAgeDays : options.maxAge === 'off' ? undefined : options.maxAge / 86_400_000
        const maxBytes = options.maxSize === undefined ? now.maxBytes : options.maxSize === 'off' ? undefined : options.maxSize
        const wanted: Retention = { ...(maxAgeDays === undefined ? {} : { maxAgeDays }), ...(maxBytes === undefined ? {} : { maxBytes }) }
        const { removed } = await client.call('retention.set', wanted)
        return show(wanted, removed, options.json)
      })
    })
}

async function show({ maxAgeDays, maxBytes }: Retention, removed: number | undefined, json: boolean | undefined): Promise<void> {
  if (json === true) return printLine(toJsonLine({ maxAgeDays, maxBytes, removed }))
  await printLine(`events are kept ${maxAgeDays === undefined ? 'for ever' : `for ${formatNumber(maxAgeDays)} days`}, ${maxBytes === undefined ? 'whatever their size' : `up to ${formatBytes(maxBytes)}`}`)
  if (removed !== undefined) printNote(`${formatCount(removed, 'event')} removed`)
}

function positive(value: number): number {
  if (value > 0) return value
  throw new InvalidArgumentError('It must be more than nothing.')
}
