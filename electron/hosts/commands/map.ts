import { Option, type Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { PayloadFormat } from '../../../shared/model/source.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { addMappingOptions, givenMapping, type MappingOptions } from '../mapping-options.ts'
import { formatCount, printLine, safeText, toJsonLine } from '../output.ts'
import { addRegistryOptions, readRegistry, type RegistryOptions } from '../registry-options.ts'
import { showProgress } from '../progress.ts'

/** `undercurrent map SOURCE`. */
export function mapCommand(): Command {
  return addRegistryOptions(addMappingOptions(command('map', "change a source's mapping and decode its history anew from the stored bytes")))
    .argument('<source>', 'the source')
    .addOption(new Option('--format <format>', 'how payloads without a mark of their own are read').choices(['json', 'text']))
    .addHelpText('after', '\nAn attribute whose type is left out keeps the one that it has; a new one is a text.\nWith --json: one line with source, events and dead (how many of each it has under the new mapping).')
    .action(async (source: string, options: CommonOptions & MappingOptions & RegistryOptions & { readonly format?: PayloadFormat }) => {
      await withExistingWorkspace(options, async (client) => {
        const known = (await client.call('sources.list', {})).find(({ name }) => name === source)
        if (known === undefined) throw new AppError('NOT_FOUND', `This workspace has no source named ${source}.`, { hint: '`undercurrent stats` lists them.' })
        const given = await givenMapping(options, () => Promise.resolve(known.mapping.attributes))
        if (given === undefined && options.format === undefined) throw new AppError('BAD_REQUEST', 'Nothing is to be changed.', { hint: 'Say what with --map, --attributes, --time-format or --format.' })
        const progress = showProgress(client)
        try {
          const result = await client.call('mapping.change', { source, mapping: { ...known.mapping, ...given }, format: options.format, registry: readRegistry(options, process.env) })
          if (options.json === true) await printLine(toJsonLine({ source, ...result }))
          else await printLine(`${safeText(source)}: ${formatCount(result.events, 'event')} and ${formatCount(result.dead, 'dead letter')} under the new mapping`)
        } finally {
          progress.stop()
        }
      })
    })
}

/** `undercurrent retry SOURCE`. */
export function retryCommand(): Command {
  return addRegistryOptions(command('retry', 'decode the dead letters of a source once more'))
    .argument('<source>', 'the source')
    .addHelpText('after', '\nWith --json: one line with source, events (records that became events) and dead (records that stay dead letters).')
    .action(async (source: string, options: CommonOptions & RegistryOptions) => {
      await withExistingWorkspace(options, async (client) => {
        const result = await client.call('deadLetters.retry', { source, registry: readRegistry(options, process.env) })
        if (options.json === true) await printLine(toJsonLine({ source, ...result }))
        else await printLine(`${safeText(source)}: ${formatCount(result.events, 'record')} became events, ${formatCount(result.dead, 'record')} stay dead letters`)
      })
    })
}
