import type { Command } from 'commander'
import type { Client } from '../../../shared/contract/client.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatBytes, formatCount, formatLocal, formatNumber, formatTable, formatTime, printLine, safeText, toJsonLine } from '../output.ts'

/** `undercurrent stats`. */
export function statsCommand(): Command {
  return command('stats', 'show what the workspace holds: sources, offsets read, gaps, types')
    .addHelpText('after', '\nWith --json: one line with workspace, then one line a source (partitions with the ranges of offsets read, gaps), then one line a type; each has "item" to tell them apart.')
    .action(async (options: CommonOptions) => {
      await withExistingWorkspace(options, (client) => showStats(client, options.json))
    })
}

/** Prints what a workspace holds. */
export async function showStats(client: Client, json: boolean | undefined): Promise<void> {
  const info = await client.call('workspace.info', {})
  const sources = await client.call('sources.list', {})
  const types = await client.call('types.list', {})
  if (json === true) {
    await printLine(toJsonLine({ item: 'workspace', ...info, first: utc(info.first), last: utc(info.last), removed: { ...info.removed, before: utc(info.removed.before) } }))
    for (const source of sources) {
      const gaps = source.gaps.map((gap) => ({ ...gap, noticedAt: formatTime(gap.noticedAt) }))
      const partitions = source.partitions.map((partition) => ({ ...partition, newestTime: utc(partition.newestTime) }))
      await printLine(toJsonLine({ item: 'source', ...source, gaps, partitions }))
    }
    for (const type of types) await printLine(toJsonLine({ item: 'type', ...type, first: utc(type.first), last: utc(type.last) }))
    return
  }
  await printLine(`${formatCount(info.events, 'event')} of ${formatCount(info.users, 'user')} in ${formatBytes(info.fileBytes)} (${safeText(info.path)})`)
  if (info.first !== undefined && info.last !== undefined) await printLine(`from ${formatLocal(info.first)} to ${formatLocal(info.last)}`)
  await printLine(`${formatCount(info.eventsWithoutKey, 'event')} without a key, ${formatNumber(info.late)} late, ${formatCount(info.deadLetters, 'dead letter')}`)
  if (info.removed.events > 0) await printLine(`${formatCount(info.removed.events, 'event')} removed by retention`)
  await printLine('')
  for (const line of formatTable(['source', 'kind', 'events', 'dead letters', 'late', 'key', 'type', 'time'], sources.map((source) => [source.name, source.kind, source.events, source.deadLetters, source.late, source.mapping.key, source.mapping.type, source.mapping.time]))) await printLine(line)
  for (const source of sources) {
    for (const { partition, ranges } of source.partitions) {
      await printLine(`  ${safeText(source.topic)}/${partition}: offsets ${ranges.map(({ first, next }) => `${first}–${next - 1n}`).join(', ') || 'none'}`)
    }
    for (const gap of source.gaps) await printLine(`  ${safeText(source.topic)}/${gap.partition}: gap, offsets ${gap.first}–${gap.next - 1n} ${safeText(gap.reason)}`)
  }
  await printLine('')
  for (const line of formatTable(['type', 'events', 'first', 'last'], types.map(({ type, events, first, last }) => [type, events, formatLocal(first), formatLocal(last)]))) await printLine(line)
}

function utc(time: bigint | undefined): string | undefined {
  return time === undefined ? undefined : formatTime(time)
}
