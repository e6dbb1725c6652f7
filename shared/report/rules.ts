import type { Behavior } from '../behavior/syntax.ts'

/** What a behavior means where its text says nothing: the rules that change what is counted, in sentences. */
export function rulesOf({ body }: Behavior): readonly string[] {
  if (body.kind === 'population') return [`Confirmed matches of "${body.base}" are looked at in the order of their ends; one counts for each ${body.of.path}.`, 'After a match the search goes on behind it.']
  return [
    `One sequence for each ${body.by.map(({ path }) => path).join(' and ')}; events without a value for it take part in none.`,
    'A step takes the earliest later event that fits; what lies between is skipped.',
    body.match === 'every' ? 'From each start, every way to match counts.' : body.match === 'longest' ? 'From each start, the match with the most events counts.' : 'The earliest start wins, with its first match.',
    body.skip === 'overlap' ? 'Matches may overlap: the search goes on behind the first event of a match.' : 'Matches do not overlap: the search goes on behind the last event of a match.',
    'Times given by “within” are inclusive.',
    ...(body.clauses.some(({ kind }) => kind === 'without') ? ['What must not come is certain when the watermark has passed its time; until then a match is pending.'] : []),
  ]
}
