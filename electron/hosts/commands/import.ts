import { Option, type Command } from 'commander'
import type { FileOptions } from '../../../shared/model/file.ts'
import { command, withEngine, type CommonOptions } from '../command.ts'
import { addMappingOptions, attributesOfGuess, givenMapping, latenessOption, type MappingOptions } from '../mapping-options.ts'
import { parseDelimiter } from '../values.ts'
import { runSources } from './run-source.ts'

interface Options extends CommonOptions, MappingOptions {
  readonly format?: FileOptions['format']
  readonly delimiter?: string
  readonly source?: string
  readonly force?: boolean
  readonly lateness?: number
}

/** `undercurrent import FILE`. */
export function importCommand(): Command {
  return addMappingOptions(command('import', 'import a CSV, NDJSON or Parquet file'))
    .argument('<file>', 'the file to import')
    .addOption(new Option('--format <format>', "what the file is, where its name does not tell").choices(['csv', 'ndjson', 'parquet']))
    .addOption(new Option('--delimiter <character>', 'what separates the columns of a CSV file, where it is not found by itself; tab is written tab').argParser(parseDelimiter))
    .option('--source <name>', 'the name of the source; the name of the file by default')
    .option('--force', 'import content that is there already once more, as further events')
    .addOption(latenessOption())
    .addHelpText('after', '\nWith --json: one line with source, state, events, deadLetters, late, bytes, seconds and stages.')
    .action(async (path: string, options: Options) => {
      const { format, delimiter, source, force = false, lateness: latenessMs } = options
      const file: FileOptions = { format, delimiter }
      await withEngine(options, async (client) => {
        const mapping = await givenMapping(options, async () => attributesOfGuess((await client.call('file.sample', { path, file, count: 1000 })).guess))
        await runSources(client, options.json, async () => [(await client.call('file.import', { path, file, force, source, mapping, latenessMs })).source])
      })
    })
}
