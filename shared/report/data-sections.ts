import { heading, text, type Block } from './blocks.ts'
import type { Report, SectionName, SourceReport } from './model.ts'
import { reproduceCommands } from './reproduce.ts'
import { formatCount, formatIso, formatNumber, formatTime, shownText } from './text.ts'

/** So many partitions and ranges are listed; the data inside of the report has all. */
const mostListed = 100

/** What is said of the data, the way of counting and how to count again, in the order of the report's sections. */
export function dataBlocks(report: Report): readonly Block[] {
  const sections: Partial<Record<SectionName, () => readonly Block[]>> = { data: () => data(report), method: () => method(report), reproduce: () => reproduce(report) }
  return [...report.sections.flatMap((section) => sections[section]?.() ?? []), ...privacy(report)]
}

function data({ data: { events, users, withoutKey, types, deadLetters, late, first, last, watermark, removed, sources } }: Report): readonly Block[] {
  const said: (readonly [string, string])[] = [
    ['Events', formatCount(events)],
    ['Users (different keys)', formatCount(users)],
    ['Events without a key: they take part in no sequence', formatCount(withoutKey)],
    ['Event types', formatCount(types)],
    ['Dead letters: records that could not be read', formatCount(deadLetters)],
    ['Events that came late', formatCount(late)],
    ['Events that retention had removed before', formatCount(removed)],
    ['First event', first === undefined ? 'none' : formatTime(first)],
    ['Last event', last === undefined ? 'none' : formatTime(last)],
    ['Certain until (watermark)', watermark === undefined ? 'nothing yet' : formatTime(watermark)],
  ]
  return [
    heading(2, 'The data it stands on'),
    { kind: 'table', name: 'data', columns: [{ name: '' }, { name: '', isNumber: true }], rows: said.map(([name, value]) => [name, value]) },
    ...sources.flatMap(source),
  ]
}

function source({ name, kind, topic, brokers, format, mapping, latenessMs, partitions, gaps, deadReasons }: SourceReport): readonly Block[] {
  const rows = partitions.flatMap(({ partition, ranges, events, late, deadLetters, first, last, checksum }) =>
    ranges.map(({ first: from, next }, index) => (index === 0
      ? [`${partition}`, `${from} to ${next - 1n}`, formatCount(events), formatCount(late), formatCount(deadLetters), first === undefined || last === undefined ? '' : `${formatTime(first)} to ${formatTime(last)}`, checksum.slice(-8)]
      : [`${partition}`, `${from} to ${next - 1n}`, '', '', '', '', ''])),
  )
  const files = partitions.flatMap(({ partition, file }) => (file === undefined ? [] : [`Partition ${partition} is the file ${shownText(file.name, 120)}, ${formatCount(file.bytes)} bytes, SHA-256 ${file.sha256}.`]))
  return [
    heading(3, `Source ${shownText(name, 80)}`),
    text(`${kind === 'kafka' ? `Kafka topic ${shownText(topic, 120)}${brokers.length === 0 ? '' : ` of ${shownText(brokers.join(', '), 200)}`}` : kind === 'file' ? `Files, as topic ${shownText(topic, 120)}` : 'The built-in demo shop'}; payloads read as ${format}. Late is more than ${formatNumber(latenessMs / 1000)} s behind the newest event of the partition.`),
    text(`Key ${shownText(mapping.key, 120)}, type ${shownText(mapping.type, 120)}, time ${shownText(mapping.time, 120)} (${mapping.timeFormat})${mapping.attributes.length === 0 ? '' : `; attributes ${shownText(mapping.attributes.map((attribute) => `${attribute.name}: ${attribute.type}`).join(', '), 2000)}`}.`),
    { kind: 'table', name: `partitions of ${name}`, columns: [{ name: 'Partition' }, { name: 'Offsets' }, { name: 'Events', isNumber: true }, { name: 'Late', isNumber: true }, { name: 'Dead', isNumber: true }, { name: 'Times (UTC)' }, { name: 'Checksum …' }], rows: rows.slice(0, mostListed) },
    ...(rows.length > mostListed ? [text(`${formatCount(rows.length - mostListed)} further ranges are in the data inside of this report.`, 'small')] : []),
    ...(files.length === 0 ? [] : [{ kind: 'list' as const, items: files.slice(0, mostListed) }]),
    ...(deadReasons.length === 0 ? [] : [text(`Dead letters: ${deadReasons.map(({ reason, letters }) => `${formatCount(letters)} ${reason}`).join(', ')}.`)]),
    ...(gaps.length === 0 ? [] : [text(`Offsets that were gone before they could be read: ${gaps.slice(0, 20).map(({ partition, first, next, reason }) => `${partition}: ${first} to ${next - 1n} (${shownText(reason, 80)})`).join('; ')}${gaps.length > 20 ? ` and ${formatCount(gaps.length - 20)} more` : ''}.`)]),
  ]
}

function method({ made, data: { watermark } }: Report): readonly Block[] {
  return [
    heading(2, 'How it was counted'),
    {
      kind: 'list',
      items: [
        `By Undercurrent ${shownText(made.version, 40)} on ${formatTime(made.at)} UTC, from one consistent state of the stored events.`,
        'Every match is bound to its events by their positions (topic, partition, offset); the same positions give the same matches, in whatever order the events arrived.',
        'Events are ordered inside a key by time, then by the CloudEvents sequence of one producer, then by position. A match that hangs on the order of equal times counts as a tie.',
        'Occurrences count matches, pending ones included; users count different values of the first field of “by”.',
        `A match whose absences are not decided yet is pending. Decided is what lies before the watermark${watermark === undefined ? '' : `, ${formatTime(watermark)}`}: the newest event time less the allowed lateness.`,
        'Percentiles are values that occur: the least at or below which that share of the matches lies.',
      ],
    },
  ]
}

function reproduce(report: Report): readonly Block[] {
  const { commands, files } = reproduceCommands(report)
  return [
    heading(2, 'How to get the same numbers'),
    text(`Put the definitions into ${files.definitions}, read the same positions into a workspace, and ask for the matches:`),
    { kind: 'code', text: commands.join('\n') },
    text(`Whoever still has the workspace can have every number of this report recomputed from the recorded positions: undercurrent verify THIS-FILE. HTML, Markdown and JSON reports carry the data for it.`),
    ...(report.data.sources.some(({ partitions }) => partitions.length > 0) ? [text(`The positions are ${report.data.sources.flatMap(({ topic, partitions }) => partitions.flatMap(({ partition, ranges }) => ranges.map(({ first, next }) => `${shownText(topic, 60)}/${partition}@${first}–${next - 1n}`))).slice(0, 60).join(', ')}.`, 'small')] : []),
  ]
}

function privacy({ privacy: { hide, hash, shorten, minCount, suppressed }, behaviors }: Report): readonly Block[] {
  const said = [
    ...(hide.length === 0 ? [] : [`Left out: ${hide.map((field) => shownText(field, 60)).join(', ')}.`]),
    ...(hash.length === 0 ? [] : [`Replaced by a keyed hash: ${hash.map((field) => shownText(field, 60)).join(', ')}. Equal values have equal hashes in this report, and in no other; the key was thrown away.`]),
    ...(shorten.length === 0 ? [] : [`Shortened to their first characters: ${shorten.map((field) => shownText(field, 60)).join(', ')}.`]),
    ...(minCount === 1 ? [] : [`Counts of fewer than ${formatCount(minCount)} are not said, nor those from which they could be worked out: ${formatCount(suppressed)} were left out.`]),
  ]
  if (said.length === 0) return []
  return [heading(2, 'What was done for privacy'), { kind: 'list', items: [...said, ...(behaviors.some(({ examples }) => examples !== undefined && examples.length > 0) ? ['Examples show single users, by the rules above. Positions lead whoever may read the topic to the events.'] : []), 'The definition is printed as it was written.'] }]
}

/** The sentence at the foot of a report. */
export function footText({ made }: Report): string {
  return `Made by Undercurrent ${shownText(made.version, 40)}, ${formatIso(made.at)}. Times are UTC. Everything in this document was counted, nothing was sampled or estimated unless it says so.`
}
