import { Option } from 'commander'
import type { SequenceQuestion } from '../../../../shared/model/discovery.ts'
import { formatCount, formatNumber, formatSpan, printLine, printNote, safeText, toJsonLine } from '../../output.ts'
import { parseCount, parseDuration, parseShare, wholeNumber } from '../../values.ts'
import { within, type DiscoverKind, type DiscoverOptions } from './kind.ts'

interface Options extends DiscoverOptions {
  readonly support?: number
  readonly top?: number
  /** Microseconds. */
  readonly maxGap?: bigint
  readonly maxBetween?: number
  readonly maxLength?: number
  readonly shape?: SequenceQuestion['shape']
  readonly same?: string
}

/** `undercurrent discover --kind sequences`. */
export const sequences: DiscoverKind<Options> = {
  name: 'sequences',
  options: (command) =>
    command
      .addOption(new Option('--support <share>', 'sequences: in what share of all users or sessions, such as 0.05 or 5%').argParser(parseShare))
      .option('--top <n>', 'sequences: the n with the highest support, whatever it is', parseCount)
      .addOption(new Option('--max-gap <duration>', 'sequences: how long after a step the next may come').argParser((text) => BigInt(parseDuration(text)) * 1000n))
      .option('--max-between <n>', 'sequences: how many other events may lie between two steps', wholeNumber(0))
      .option('--max-length <n>', 'sequences: steps at most', parseCount)
      .addOption(new Option('--shape <shape>', 'sequences: closed leaves out what a longer one of the same support contains, maximal what any longer one contains').choices(['all', 'closed', 'maximal']))
      .option('--same <attribute>', 'sequences: all steps have the same value of this attribute'),
  help: `
With --json, sequences: one line a finding, the most surprising first: kind (sequences), types (in order), units and share
(of all users or sessions; with --same of their pairs with its values), users, expected (units, if each event depended only on the one before it), lift (units by
expected), median (from the first event to the last, in microseconds) and behavior (the text that finds it).`,
  async run(client, options) {
    const { unit, sessionGap, collapse, types, support, top, maxGap, maxBetween, maxLength, shape, same, limit } = options
    const given = Object.fromEntries(Object.entries({ types, support, top, maxGap, maxBetween, maxLength, shape, same, limit }).filter(([, value]) => value !== undefined))
    const found = await client.call('discover.sequences', { ...within(options), unit, sessionGap, collapse, ...given })
    if (options.json === true) {
      for (const one of found.sequences) await printLine(toJsonLine({ kind: 'sequences', ...one }))
      for (const note of found.notes) printNote(safeText(note))
      return
    }
    // on the same value each user or session counts once for each value
    const noun = same === undefined ? unit : `${unit}–${same} pair`
    await printLine(safeText(`Sequences: ${formatNumber(found.patterns)} that at least ${formatNumber(found.minSupport)} of ${formatCount(found.population, noun)} share, in ${formatCount(found.events, 'event')}`))
    for (const { types: steps, units, share, expected, lift, median } of found.sequences) {
      await printLine(safeText(`${steps.join(' → ')}: ${formatCount(units, noun)} (${(share * 100).toFixed(1)} %), ${lift.toPrecision(3)} × the ${formatNumber(Math.round(expected))} expected${steps.length > 1 ? `; half take up to ${formatSpan(median / 1000)}` : ''}`))
    }
    if (found.sequences.length > 0) printNote('Expected: if each event depended only on the one before it, among sequences of about the same length.')
    for (const note of found.notes) printNote(safeText(note))
  },
}
