import { barsFigure } from './charts/bars.ts'
import { forestFigure } from './charts/forest.ts'
import { histogramFigure } from './charts/histogram.ts'
import type { Figure } from './charts/svg.ts'
import { timelineFigure } from './charts/timeline.ts'
import { trendFigure } from './charts/trend.ts'
import type { BehaviorReport, FunnelRow, Report, SectionName, Who } from './model.ts'
import { formatCount, formatIso, formatShare, shownText } from './text.ts'

/** A chart of a report with the numbers that it is drawn from. */
export interface ReportFigure {
  readonly section: SectionName
  /** For people, and part of a file name. */
  readonly name: string
  readonly figure: Figure
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** Every chart of a behavior, in the order of the sections. Its data holds all rows of the report, also those a chart has no room for. */
export function figuresOf(behavior: BehaviorReport, { types }: Pick<Report, 'types'>): readonly ReportFigure[] {
  const { trend, funnel, times, who, why, examples } = behavior
  const codes = new Map(types.map(({ type, code }) => [type, code]))
  return [
    ...(trend === undefined || trend.buckets.length === 0 ? [] : [{ section: 'trend' as const, name: 'trend', figure: trendFigure(trend), columns: ['start', 'confirmed', 'pending', 'users'], rows: trend.buckets.map(({ start, confirmed, pending, users }) => [formatIso(start), confirmed, pending, users]) }]),
    ...(funnel === undefined || funnel.length === 0 ? [] : [{ section: 'steps' as const, name: 'steps', figure: funnelFigure(funnel), columns: ['step', 'occurrences', 'users'], rows: funnel.map(({ step, occurrences, users }) => [step, occurrences, users]) }]),
    ...(times ?? []).map((one) => ({ section: 'times' as const, name: `time from ${one.from} to ${one.to}`, figure: histogramFigure(one), columns: ['from_us', 'to_us', 'matches'], rows: one.histogram.map((matches, index) => [index * one.widthUs, (index + 1) * one.widthUs, matches]) })),
    ...(who ?? []).map((one) => ({ section: 'who' as const, name: `by ${one.attribute}`, figure: whoFigure(one), columns: [one.attribute, 'occurrences', 'users'], rows: one.values.map(({ value, occurrences, users }) => [value, occurrences, users]) })),
    ...(why === undefined || 'refused' in why || why.findings.length === 0 ? [] : [{ section: 'why' as const, name: 'why', figure: forestFigure(why.findings), columns: ['fact', 'odds_ratio', 'low', 'high', 'q'], rows: why.findings.map(({ phrase, oddsRatio, q }) => [phrase, oddsRatio.value, oddsRatio.low, oddsRatio.high, q]) }]),
    ...(examples ?? []).map((one, index) => ({ section: 'examples' as const, name: `example ${index + 1}`, figure: timelineFigure(one, codes), columns: ['time', 'type', 'step', 'topic', 'partition', 'offset'], rows: one.events.map(({ time, type, label, topic, partition, offset }) => [formatIso(time), type, label ?? null, topic, partition, String(offset)]) })),
  ]
}

function funnelFigure(funnel: readonly FunnelRow[]): Figure {
  const [start] = funnel
  return barsFigure(
    funnel.map(({ step, occurrences, users }, index) => {
      const before = funnel[index - 1]
      const isFewer = before?.occurrences !== undefined && before.occurrences !== null && occurrences !== null && occurrences <= before.occurrences
      const ofStart = index === 0 || start?.occurrences === undefined || start.occurrences === null || start.occurrences === 0 || occurrences === null ? '' : ` · ${formatShare(occurrences, start.occurrences)}`
      return {
        name: shownText(step, 60),
        value: occurrences,
        text: `${formatCount(occurrences)} by ${formatCount(users)} ${users === 1 ? 'user' : 'users'}${ofStart}`,
        ...(isFewer && before.occurrences !== null && before.occurrences > 0 ? { between: `${formatCount(before.occurrences - occurrences)} lost here, ${formatShare(occurrences, before.occurrences)} go on` } : {}),
      }
    }),
    'How many come as far as each step',
  )
}

function whoFigure({ attribute, values, rest }: Who): Figure {
  const bars = values.map(({ value, occurrences, users }) => ({ name: value === null ? 'none' : shownText(value, 60), value: occurrences, text: `${formatCount(occurrences)} by ${formatCount(users)} ${users === 1 ? 'user' : 'users'}` }))
  const others = rest.values === 0 ? [] : [{ name: `${formatCount(rest.values)} other ${rest.values === 1 ? 'value' : 'values'}`, value: rest.occurrences, text: formatCount(rest.occurrences) }]
  return barsFigure([...bars, ...others], `Matches by ${attribute}`)
}
