import { heading, text, type Block } from './blocks.ts'
import { figuresOf } from './figures.ts'
import { headline, leadNoun } from './headline.ts'
import { reportShares, type BehaviorReport, type Example, type Report, type SectionName } from './model.ts'
import { formatCount, formatDuration, formatNumber, formatShare, formatTime, shownLines, shownText } from './text.ts'

/** What is said of one behavior, in the order of the report's sections. */
export function behaviorBlocks(behavior: BehaviorReport, report: Report): readonly Block[] {
  const sections: Partial<Record<SectionName, () => readonly Block[]>> = {
    definition: () => definition(behavior),
    trend: () => trend(behavior, report),
    users: () => users(behavior),
    steps: () => steps(behavior, report),
    times: () => times(behavior, report),
    who: () => who(behavior, report),
    why: () => why(behavior, report),
    examples: () => examples(behavior, report),
  }
  return [
    ...(report.behaviors.length > 1 ? [{ kind: 'behavior' as const, name: shownText(behavior.name, 120) }] : []),
    text(headline(behavior, report), 'lead'),
    numbers(behavior),
    ...report.sections.flatMap((section) => sections[section]?.() ?? []),
  ]
}

function numbers({ counts, lead, duration }: BehaviorReport): Block {
  const median = duration?.[reportShares.indexOf(0.5)]
  return {
    kind: 'numbers',
    items: [
      { name: capital(leadNoun(lead, null)), value: formatCount(counts.users) },
      { name: 'Occurrences', value: formatCount(counts.occurrences) },
      ...(counts.users === null || counts.population === 0 ? [] : [{ name: `Of all ${leadNoun(lead, null)}`, value: formatShare(counts.users, counts.population) }]),
      { name: 'Pending', value: formatCount(counts.pending) },
      { name: 'With late events', value: formatCount(counts.late) },
      ...(median === undefined || median === 0 ? [] : [{ name: 'Half within', value: formatDuration(median) }]),
    ],
  }
}

function definition({ text: source, version, rules }: BehaviorReport): readonly Block[] {
  return [heading(3, 'Definition'), { kind: 'code', text: shownLines(source) }, ...(version === undefined ? [] : [text(`Version ${formatNumber(version)} of this definition in the workspace.`, 'small')]), { kind: 'list', items: rules.map((rule) => shownText(rule)) }]
}

function figures(behavior: BehaviorReport, report: Report, section: SectionName): readonly Extract<Block, { kind: 'figure' }>[] {
  return figuresOf(behavior, report).flatMap((figure) => (figure.section === section ? [{ kind: 'figure' as const, figure }] : []))
}

/** Units of time as one says them. */
const wholeUnits: ReadonlyMap<bigint, string> = new Map([[1_000_000n, 'a second'], [60_000_000n, 'a minute'], [3_600_000_000n, 'an hour'], [86_400_000_000n, 'a day'], [604_800_000_000n, 'a week']])

function trend(behavior: BehaviorReport, report: Report): readonly Block[] {
  const [figure] = figures(behavior, report, 'trend')
  if (behavior.trend === undefined || figure === undefined) return []
  return [heading(3, 'Over time'), { ...figure, legend: ['confirmed', ...(behavior.counts.pending === 0 ? [] : ['pending' as const]), 'users'] }, text(`A bar is ${wholeUnits.get(behavior.trend.resolution) ?? formatDuration(Number(behavior.trend.resolution))}, by the time at which a match ends. Times are UTC.${behavior.trend.buckets.some(({ confirmed }) => confirmed === null) ? ' A low dashed bar stands for counts that are not said.' : ''}`, 'small')]
}

function users({ counts, perUser, lead }: BehaviorReport): readonly Block[] {
  const said: (readonly [string, string])[] = [
    ['Occurrences', formatCount(counts.occurrences)],
    ['Confirmed', formatCount(counts.confirmed)],
    ['Pending: events to come may still refute them', formatCount(counts.pending)],
    [`Different ${leadNoun(lead, null)}`, formatCount(counts.users)],
    [`All ${leadNoun(lead, null)} in the data`, formatCount(counts.population)],
    ['Open sequences: events to come may still complete them', formatCount(counts.open)],
    ['Ties: matches that hang on the order of events of the same time', formatCount(counts.tied)],
    ['Matches with an event that came late', formatCount(counts.late)],
    ['Events looked at', formatCount(counts.events)],
  ]
  const often = perUser === undefined || perUser.length < 2 ? [] : [
    heading(4, 'How often each'),
    { kind: 'table' as const, name: 'per user', columns: [{ name: 'Times' }, { name: capital(leadNoun(lead, null)), isNumber: true }], rows: perUser.map(({ times: often, orMore, users: of }) => [`${formatNumber(often)}${orMore ? ' or more' : ''}`, formatCount(of)]) },
  ]
  return [heading(3, 'Users and occurrences'), { kind: 'table', name: 'counts', columns: [{ name: '' }, { name: 'Count', isNumber: true }], rows: said.map(([name, value]) => [name, value]) }, ...often]
}

function steps(behavior: BehaviorReport, report: Report): readonly Block[] {
  const { funnel } = behavior
  if (funnel === undefined || funnel.length === 0) return []
  return [
    heading(3, 'Where it breaks off'),
    ...figures(behavior, report, 'steps'),
    { kind: 'table', name: 'steps', isFolded: true, columns: [{ name: 'As far as' }, { name: 'Occurrences', isNumber: true }, { name: 'Users', isNumber: true }, { name: 'Of those before', isNumber: true }], rows: funnel.map(({ step, occurrences, users: of }, index) => {
      const before = funnel[index - 1]?.occurrences
      return [shownText(step, 60), formatCount(occurrences), formatCount(of), before === undefined || before === null || occurrences === null ? '' : formatShare(occurrences, before)]
    }) },
    text('Each line counts the matches of the behavior cut off behind that step. Pending ones count: nothing is lost yet.', 'small'),
  ]
}

function times(behavior: BehaviorReport, report: Report): readonly Block[] {
  const { times: between = [], returns = [] } = behavior
  if (between.length === 0 && returns.length === 0) return []
  const shares = reportShares.map((share) => ({ name: `p${share * 100}`, isNumber: true }))
  return [
    heading(3, 'How long it takes'),
    ...(between.length === 0 ? [] : [{ kind: 'table' as const, name: 'times', columns: [{ name: 'Between' }, { name: 'Matches', isNumber: true }, ...shares], rows: between.map(({ from, to, count: of, percentiles }) => [`${shownText(from, 40)} → ${shownText(to, 40)}`, formatCount(of), ...percentiles.map(formatDuration)]) }]),
    ...between.flatMap(({ from, to }, index) => [heading(4, `From ${shownText(from, 40)} to ${shownText(to, 40)}`), ...figures(behavior, report, 'times').slice(index, index + 1)]),
    ...(returns.length === 0 ? [] : [heading(4, 'Returned values'), { kind: 'table' as const, name: 'returns', columns: [{ name: 'Value' }, { name: 'Matches', isNumber: true }, { name: 'Least', isNumber: true }, ...shares, { name: 'Most', isNumber: true }, { name: 'Mean', isNumber: true }], rows: returns.map(({ name, isDuration, count: of, least, most, mean, percentiles }) => [shownText(name, 40), formatCount(of), ...[least, ...percentiles, most, mean].map((value) => (value === undefined ? '' : isDuration ? formatDuration(value) : formatNumber(value)))]) }]),
    text('p50 is the median: half of the matches take at most so long. Each percentile is a value that occurs.', 'small'),
  ]
}

function who(behavior: BehaviorReport, report: Report): readonly Block[] {
  const shown = behavior.who ?? []
  if (shown.length === 0) return []
  const drawn = figures(behavior, report, 'who')
  return [
    heading(3, 'Who, and with what'),
    ...shown.flatMap(({ attribute, values, distinct, rest }, index): readonly Block[] => [
      heading(4, `By ${shownText(attribute, 60)}`),
      ...drawn.slice(index, index + 1),
      { kind: 'table', name: `by ${attribute}`, isFolded: true, columns: [{ name: shownText(attribute, 60) }, { name: 'Occurrences', isNumber: true }, { name: 'Users', isNumber: true }], rows: values.map(({ value, occurrences, users: of }) => [value === null ? 'none' : shownText(value), formatCount(occurrences), formatCount(of)]) },
      ...(rest.values === 0 ? [] : [text(`${formatCount(rest.values)} of ${formatCount(distinct)} different values are not listed, with ${formatCount(rest.occurrences)} occurrences.`, 'small')]),
    ]),
    text('Attributes are those of the first event of each match.', 'small'),
  ]
}

function why({ why: answer }: BehaviorReport, report: Report): readonly Block[] {
  if (answer === undefined) return []
  if ('refused' in answer) return [heading(3, 'What goes with it'), text(shownText(answer.refused, 1000), 'small')]
  const { unit, chances, matched, users: of, tried, findings, leftOut, notes, association } = answer
  const [figure] = figuresOf(report.behaviors.find(({ why: own }) => own === answer) as BehaviorReport, report).filter(({ section }) => section === 'why')
  return [
    heading(3, 'What goes with it'),
    text(`Of ${formatCount(chances)} chances of ${formatCount(of)} users ${formatCount(matched)} led to it (${formatShare(matched, chances)}). ${shownText(unit, 1000)}`),
    ...(findings.length === 0 ? [text(`${formatCount(tried)} facts were tried; none makes a difference beyond chance (false discovery rate 5 %).`)] : [
      ...(figure === undefined ? [] : [{ kind: 'figure' as const, figure }]),
      { kind: 'list' as const, items: findings.map(({ sentence, confounding }) => shownText(`${sentence} ${confounding}`, 1500)) },
      text(`${formatCount(tried)} facts were tried; these make a difference beyond chance (false discovery rate 5 %)${leftOut === 0 ? '' : `, and ${formatCount(leftOut)} more that are not listed`}.`, 'small'),
    ]),
    ...(notes.length === 0 ? [] : [{ kind: 'list' as const, items: notes.map((note) => shownText(note, 600)) }]),
    text(shownText(association, 600), 'small'),
  ]
}

function examples(behavior: BehaviorReport, report: Report): readonly Block[] {
  const shown = behavior.examples ?? []
  if (shown.length === 0) return []
  const drawn = figures(behavior, report, 'examples')
  const all = behavior.counts.occurrences
  const codes = new Map(report.types.map(({ type, code }) => [type, code]))
  return [
    heading(3, 'Examples'),
    text(all !== null && all > shown.length ? `${formatCount(shown.length)} of ${formatCount(all)} matches, spread evenly over all of them. Steps of the match are bold and large; what is between them is what else the user did.` : 'Every match. Its steps are bold and large; what is between them is what else the user did.'),
    ...shown.flatMap((example, index) => [heading(4, exampleTitle(example, index, behavior.durations)), ...drawn.slice(index, index + 1), exampleTable(example, codes), ...(example.leftOut === 0 ? [] : [text(`${formatCount(example.leftOut)} further events in between are not listed.`, 'small')])]),
  ]
}

function exampleTitle({ key, state, until, returns }: Example, index: number, durations: readonly string[]): string {
  const said = Object.entries(key).map(([name, value]) => `${shownText(name, 40)} ${shownText(String(value), 60)}`)
  const returned = Object.entries(returns).flatMap(([name, value]) => (value === null ? [] : [`${shownText(name, 40)} ${shownText(typeof value === 'number' ? (durations.includes(name) ? formatDuration(value) : formatNumber(value)) : String(value), 60)}`]))
  return `${index + 1}. ${said.join(', ')}${state === 'pending' ? `, pending${until === undefined ? '' : ` until ${formatTime(until)}`}` : ''}${returned.length === 0 ? '' : ` · ${returned.join(', ')}`}`
}

function exampleTable({ events, start }: Example, codes: ReadonlyMap<string, number>): Block {
  const marked = new Set(events.flatMap(({ label }, index) => (label === undefined ? [] : [index])))
  return {
    kind: 'table',
    name: 'events',
    columns: [{ name: 'Time (UTC)' }, { name: 'From the start', isNumber: true }, { name: 'Event' }, { name: 'Step' }, { name: 'Position' }],
    rows: events.map(({ time, type, label, topic, partition, offset, late }) => [formatTime(time), formatDuration(Number(time - start)), `${shownText(type, 80)}${late ? ' (late)' : ''}`, label === undefined ? '' : shownText(label, 40), `${shownText(topic, 60)}/${partition}@${offset}`]),
    marked,
    types: events.map(({ type }) => codes.get(type) ?? 0),
  }
}

function capital(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1)
}
