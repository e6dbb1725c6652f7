import { Option } from 'commander'
import type { FoundUndo } from '../../../../shared/model/discovery.ts'
import { formatCount, formatNumber, formatSpan, printLine, printNote, safeText, toJsonLine } from '../../output.ts'
import { within, type DiscoverKind, type DiscoverOptions } from './kind.ts'

interface Options extends DiscoverOptions {
  readonly attributes?: readonly string[]
}

/** `undercurrent discover --kind undo`. */
export const undo: DiscoverKind<Options> = {
  name: 'undo',
  options: (command) => command.addOption(new Option('--attributes <names>', 'undo: only on the same value of these, separated by commas; all texts and whole numbers by default').argParser((text) => text.split(',').map((name) => name.trim()).filter((name) => name !== ''))),
  help: `
With --json, undo: one line a finding, the most frequent first: kind (undo), attribute, first and undo (the two types), pairs
(different users and values with the first), undone (those of them in which the second came later), share (undone / pairs),
users, needs (of the second's pairs, the share with the first before it), times (from the first to the second in microseconds:
10th, 50th and 90th percentile) and behavior.`,
  async run(client, options) {
    const found = await client.call('discover.undo', { ...within(options), ...(options.attributes === undefined ? {} : { attributes: [...options.attributes] }), ...(options.limit === undefined ? {} : { limit: Math.min(options.limit, 1000) }) })
    if (options.json === true) {
      for (const one of found.undos) await printLine(toJsonLine({ kind: 'undo', ...one }))
      for (const note of found.notes) printNote(safeText(note))
      return
    }
    await printLine(`Add and undo: ${formatNumber(found.undos.length)} found, ${formatNumber(found.tried)} pairs of types tried in ${formatCount(found.events, 'event')}`)
    for (const one of found.undos) await printLine(safeText(sentence(one)))
    for (const note of found.notes) printNote(safeText(note))
  },
}

function sentence({ first, undo: second, attribute, undone, pairs, share, users, times }: FoundUndo): string {
  const [early, middle, late] = times.map((time) => formatSpan(time / 1000))
  return `${second} takes ${first} back on the same ${attribute}: ${formatNumber(undone)} of ${formatNumber(pairs)} (${(share * 100).toFixed(1)} %), ${formatCount(users, 'user')}; after ${middle ?? ''}, mostly ${early ?? ''} to ${late ?? ''}`
}
