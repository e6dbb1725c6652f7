import type { WhyAnswer } from '../../../shared/model/why.ts'

/** An answer as plain text, for a mail or a ticket. */
export function toText(title: string, { chances, matched, users, unit, tried, findings, near, notes, association }: WhyAnswer): string {
  return [
    title,
    `${matched} of ${chances} chances of ${users} users. ${unit}`,
    '',
    `${tried} facts were tried; ${findings.length} go with it beyond chance, at a false discovery rate of 5 %.`,
    ...findings.map(({ sentence, confounding }, index) => `${index + 1}. ${sentence}\n   ${confounding}`),
    ...(near.length > 0 ? ['', 'Nearest, but it may be chance:', ...near.map(({ sentence }) => `- ${sentence}`)] : []),
    '',
    ...notes,
    association,
    '',
  ].join('\n')
}
