import type { Found } from './explain.ts'
import { formatCount, formatRatio, formatShare } from './format.ts'
import type { Interval } from './two-by-two.ts'

/** The sentence under every answer. */
export const association = 'These are associations: they say what goes with the behavior, not what causes it. Only a trial that changes one thing can show a cause.'

/** A finding as a sentence that a person can say. */
export function sentenceOf({ candidate, table, oddsRatio }: Found, outcome: string): string {
  const { exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched } = table
  const exposed = exposedMatched + exposedUnmatched
  const unexposed = unexposedMatched + unexposedUnmatched
  return `Where ${candidate.phrase}, ${formatShare(exposedMatched / exposed)} (${formatCount(exposedMatched)} of ${formatCount(exposed)}) ${outcome}; elsewhere ${formatShare(unexposedMatched / unexposed)} (${formatCount(unexposedMatched)} of ${formatCount(unexposed)}). The odds are ${oddsText(oddsRatio)}.`
}

function oddsText({ value, low, high }: Interval): string {
  return value >= 1 ? `${formatRatio(value)} times as high (95 % interval ${formatRatio(low)} to ${formatRatio(high)})` : `${formatRatio(1 / value)} times lower (95 % interval ${formatRatio(1 / high)} to ${formatRatio(1 / low)})`
}

/** Fewer than this share of those who did something else instead come back to the behavior. */
const hardlyAny = 0.05

/** What holding the strongest confounders constant has shown, and what cannot be told apart. */
export function confounderSentence(found: Found): string {
  const { isInstead, isWay, table: { exposedMatched, exposedUnmatched }, twins, checked: { through } } = found
  if (isWay) return 'A step on the way: nearly all who did it came by this first. It says how they did it rather than why.'
  if (isInstead && exposedMatched < hardlyAny * (exposedMatched + exposedUnmatched)) return 'What comes instead: whoever goes on to this mostly does not come back. It says more about what they did than about why.'
  if (isInstead) return 'It comes while one waits, and those who never did had more time for it: the odds look stronger than they are. Among those who waited equally long it makes a difference as well.'
  return [
    checkedSentence(found),
    ...(through === undefined ? [] : [`With equal answers to whether ${through.candidate.phrase}, which mostly came later, little or nothing is left (${oddsText(through.adjusted)}): it acts through that at most.`]),
    ...(twins.length === 0 ? [] : [`It cannot be told apart from whether ${twins.slice(0, 2).map(({ phrase }) => phrase).join(', or whether ')}: that holds for the same chances.`]),
  ].join(' ')
}

function checkedSentence({ q, checked: { verdict, adjusted, confounders, through } }: Found): string {
  if (verdict === 'unchecked' && q >= 0.05) return `May be chance (q ${q.toPrecision(2)} over all that was tried).`
  if (adjusted === undefined || verdict === 'unchecked') return through === undefined ? 'There is no other finding that it could hang on.' : 'There is no other finding from before it that it could hang on.'
  const held = confounders.map(({ phrase }) => `whether ${phrase}`).join(' and ')
  const rest = `the odds are ${oddsText(adjusted)}`
  switch (verdict) {
    case 'holds':
      return `Holds when others are held constant: with equal answers to ${held}, ${rest}.`
    case 'weaker':
      return `${through === undefined ? 'Weaker when' : 'When'} others are held constant: with equal answers to ${held}, ${rest}.`
    case 'explained':
      return `Explained by others: with equal answers to ${held}, ${rest}, so that little or nothing of it is left.`
  }
}
