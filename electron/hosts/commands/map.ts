import { Option, type Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { PayloadFormat } from '../../../shared/model/source.ts'
import { command, withEngine, type CommonOptions } from '../command.ts'
import { addMappingOptions, givenMapping, type MappingOptions } from '../mapping-options.ts'
import { formatCount, printLine, printNote, toJsonLine } from '../output.ts'
import { showProgress } from '../progress.ts'

/** `undercurrent map SOURCE`. */
export function mapCommand(): Command {
  return addMappingOptions(command('map', "change a source's mapping and decode its history anew from the stored bytes"))
    .argument('<source>', 'the source')
    .addOption(new Option('--format <format>', 'how payloads without a mark of their own are read').choices(['json', 'text']))
    .action(async (source: string, options: CommonOptions & MappingOptions & { readonly format?: PayloadFormat }) => {
      await withEngine(options, async (client) => {
        const known = (await client.call('sources.list', {})).find(({ name }) => name === source)
        if (known === undefined) throw new AppError('NOT_FOUND', `This workspace has no source named ${source}.`, { hint: '`undercurrent stats` lists them.' })
        const given = await givenMapping(options, () => Promise.resolve({ mapping: known.mapping, key: [], type: [], time: [], attributes: known.mapping.attributes.map((attribute) => ({ ...attribute, confidence: 1, reason: 'as it was' })) }))
        if (given === undefined && options.format === undefined) throw new AppError('BAD_REQUEST', 'Nothing is to be changed.', { hint: 'Say what with --map, --attributes, --time-format or --format.' })
        const progress = showProgress(client)
        try {
          const result = await client.call('mapping.change', { source, mapping: { ...known.mapping, ...given }, ...(options.format === undefined ? {} : { format: options.format }) })
          if (options.json === true) await printLine(toJsonLine({ source, ...result }))
          else printNote(`${source}: ${formatCount(result.events, 'event')} and ${formatCount(result.dead, 'dead letter')} under the new mapping`)
        } finally {
          progress.stop()
        }
      })
    })
}

/** `undercurrent retry SOURCE`. */
export function retryCommand(): Command {
  return command('retry', 'decode the dead letters of a source once more')
    .argument('<source>', 'the source')
    .option('--registry <url>', 'schema registry; its secret is read from UNDERCURRENT_REGISTRY_PASSWORD')
    .option('--registry-username <name>', 'user name for the registry')
    .action(async (source: string, options: CommonOptions & { readonly registry?: string; readonly registryUsername?: string }) => {
      await withEngine(options, async (client) => {
        const password = process.env.UNDERCURRENT_REGISTRY_PASSWORD
        const registry = options.registry === undefined ? undefined : { url: options.registry, ...(options.registryUsername === undefined ? {} : { username: options.registryUsername }), ...(password === undefined ? {} : { password }) }
        const result = await client.call('deadLetters.retry', { source, ...(registry === undefined ? {} : { registry }) })
        if (options.json === true) await printLine(toJsonLine({ source, ...result }))
        else printNote(`${source}: ${formatCount(result.events, 'record')} became events, ${formatCount(result.dead, 'record')} stay dead letters`)
      })
    })
}
