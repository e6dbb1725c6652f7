import type { Command } from 'commander'
import { command, withoutWorkspace, type CommonOptions } from '../command.ts'
import { addConnectionOptions, readConnection, type ConnectionOptions } from '../connection-options.ts'
import { formatTable, printLine, safeText, toJsonLine } from '../output.ts'

/** `undercurrent topics`. */
export function topicsCommand(): Command {
  return addConnectionOptions(command('topics', 'list the topics of a cluster'))
    .option('--all', 'with the topics that Kafka keeps for itself')
    .addHelpText('after', '\nWith --json: one line a topic with name, internal, records and partitions [{partition, earliest, latest}].\nThe workspace is not touched.')
    .action(async (options: CommonOptions & ConnectionOptions & { readonly all?: boolean }) => {
      await withoutWorkspace(options, async (client) => {
        const found = await client.call('topics.list', { connection: await readConnection(options) })
        const topics = found.filter(({ internal }) => options.all === true || !internal)
        if (options.json === true) for (const topic of topics) await printLine(toJsonLine(topic))
        else for (const line of formatTable(['topic', 'partitions', 'records'], topics.map(({ name, partitions, records }) => [name, partitions.length, records]))) await printLine(line)
      })
    })
}

/** `undercurrent diagnose`. */
export function diagnoseCommand(): Command {
  return addConnectionOptions(command('diagnose', 'try a connection layer by layer and say what to change'))
    .option('--topic <name>', 'a topic that should be readable')
    .addHelpText('after', '\nWith --json: one line a layer with layer, state (ok, warning, failed, skipped), detail, hint and ms. Exit code 1 where a layer failed.\nThe workspace is not touched.')
    .action(async (options: CommonOptions & ConnectionOptions & { readonly topic?: string }) => {
      await withoutWorkspace(options, async (client) => {
        const layers = await client.call('connection.diagnose', { connection: await readConnection(options), ...(options.topic === undefined ? {} : { topic: options.topic }) })
        for (const layer of layers) {
          if (options.json === true) await printLine(toJsonLine(layer))
          else {
            await printLine(`${{ ok: '✓', warning: '!', failed: '✗', skipped: '·' }[layer.state]} ${layer.layer.padEnd(14)} ${safeText(layer.detail)}`)
            if (layer.hint !== undefined) await printLine(`  ${''.padEnd(14)} ${safeText(layer.hint)}`)
          }
        }
        if (layers.some(({ state }) => state === 'failed')) process.exitCode = 1
      })
    })
}
