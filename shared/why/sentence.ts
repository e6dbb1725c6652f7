import type { Found } from './explain.ts'
import { formatCount, formatRatio, formatShare } from './format.ts'

/** The sentence under every answer. */
export const association = 'These are associations: they say what goes with the behavior, not what causes it. Only a trial that changes one thing can show a cause.'

/** A finding as a sentence that a person can say. */
export function sentenceOf({ candidate, table, oddsRatio }: Found, outcome: string): string {
  const { exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched } = table
  const exposed = exposedMatched + exposedUnmatched
  const unexposed = unexposedMatched + unexposedUnmatched
  const { value, low, high } = oddsRatio
  const odds = value >= 1 ? `${formatRatio(value)} times as high (95 % interval ${formatRatio(low)} to ${formatRatio(high)})` : `${formatRatio(1 / value)} times lower (95 % interval ${formatRatio(1 / high)} to ${formatRatio(1 / low)})`
  return `Where ${candidate.phrase}, ${formatShare(exposedMatched / exposed)} (${formatCount(exposedMatched)} of ${formatCount(exposed)}) ${outcome}; elsewhere ${formatShare(unexposedMatched / unexposed)} (${formatCount(unexposedMatched)} of ${formatCount(unexposed)}). The odds are ${odds}.`
}

/** What holding the strongest confounders constant has shown. */
export function confounderSentence({ isInstead, q, checked: { verdict, adjusted, confounders } }: Found): string {
  if (verdict === 'unchecked' && q >= 0.05) return `May be chance (q ${q.toPrecision(2)} over all that was tried).`
  if (isInstead) return 'What comes instead: whoever goes on to this mostly does not come back. It says more about what they did than about why.'
  if (adjusted === undefined || verdict === 'unchecked') return 'There is no other finding that it could hang on.'
  const held = confounders.map(({ phrase }) => `whether ${phrase}`).join(' and ')
  const rest = `the odds ratio is ${formatRatio(adjusted.value)} (${formatRatio(adjusted.low)} to ${formatRatio(adjusted.high)})`
  switch (verdict) {
    case 'holds':
      return `Holds when others are held constant: with equal answers to ${held}, ${rest}.`
    case 'weaker':
      return `Weaker when others are held constant: with equal answers to ${held}, ${rest}.`
    case 'explained':
      return `Explained by others: with equal answers to ${held}, ${rest}, so that little or nothing of it is left.`
  }
}
