import { Option, type Command } from 'commander'
import { command, withExistingWorkspace } from '../command.ts'
import { printLine } from '../output.ts'
import { showProgress } from '../progress.ts'
import { parseCount, parseDuration, parseMicros } from '../values.ts'
import type { DiscoverKind, DiscoverOptions } from './discover/kind.ts'
import { paths } from './discover/paths.ts'
import { recurring } from './discover/recurring.ts'
import { sequences } from './discover/sequences.ts'
import { undo } from './discover/undo.ts'

const kinds: readonly DiscoverKind[] = [sequences, undo, recurring, paths]

/** `undercurrent discover`. */
export function discoverCommand(): Command {
  const discover = command('discover', 'propose behaviors that nobody has asked for')
    .addOption(new Option('--kind <kind>', 'only these; all by default').choices(kinds.map(({ name }) => name)))
    .addOption(new Option('--since <time>', 'only events from then on: ISO 8601, UTC where it names no zone').argParser(parseMicros))
    .addOption(new Option('--before <time>', 'only events before').argParser(parseMicros))
    .option('--limit <n>', 'at most so many findings of a kind', parseCount)
    .addOption(new Option('--unit <unit>', 'whose sequences and paths').choices(['user', 'session']).default('session'))
    .addOption(new Option('--session-gap <duration>', 'a session ends when nothing comes for so long').argParser((text) => BigInt(parseDuration(text)) * 1000n).default(1_800_000_000n, '30m'))
    .option('--types <types>', 'only these types of event take part, separated by commas', (text: string) => text.split(',').map((type) => type.trim()).filter((type) => type !== ''))
    .option('--no-collapse', 'several events of a type in a row are several')
  for (const kind of kinds) kind.options(discover).addHelpText('after', kind.help)
  return discover.action(async (options: DiscoverOptions & { readonly kind?: DiscoverKind['name'] }) => {
    await withExistingWorkspace(options, async (client) => {
      const progress = options.json === true ? undefined : showProgress(client)
      try {
        const asked = kinds.filter(({ name }) => options.kind === undefined || name === options.kind)
        for (const [index, kind] of asked.entries()) {
          if (index > 0 && options.json !== true) await printLine('')
          await kind.run(client, options)
        }
      } finally {
        progress?.stop()
      }
    })
  })
}
