import type { SectionName } from '../../../shared/report/model.ts'

/** What a section is called, and what it says. */
export const sectionNames: Readonly<Record<SectionName, { readonly name: string; readonly says: string }>> = {
  definition: { name: 'Definition', says: 'The text of the behavior and its rules in words' },
  trend: { name: 'Over time', says: 'Occurrences and users as a chart' },
  users: { name: 'Users and occurrences', says: 'How many, pending, late, and how often for each user' },
  steps: { name: 'Where it breaks off', says: 'From step to step' },
  times: { name: 'How long it takes', says: 'Times between steps and returned values, with percentiles' },
  who: { name: 'Who, and with what', says: 'Counted by attributes' },
  why: { name: 'What goes with it', says: 'What distinguishes those who do it; takes the longest' },
  examples: { name: 'Examples', says: 'Timelines of single users with the steps marked' },
  data: { name: 'The data it stands on', says: 'Sources, positions, dead letters, late events' },
  method: { name: 'How it was counted', says: 'Version, order of events, what is certain' },
  reproduce: { name: 'How to get the same numbers', says: 'Commands and positions' },
}

/** Sections of each behavior come first, then those of the whole report: a section moves among its own. */
export const sectionGroups: readonly { readonly name: string; readonly sections: readonly SectionName[] }[] = [
  { name: 'Of each behavior', sections: ['definition', 'trend', 'users', 'steps', 'times', 'who', 'why', 'examples'] },
  { name: 'Of the report', sections: ['data', 'method', 'reproduce'] },
]

/**
 * An order with one section moved before or behind another.
 *
 * @returns the same order when they are of different groups
 */
export function moveSection(order: readonly SectionName[], moved: SectionName, target: SectionName): readonly SectionName[] {
  const isTogether = sectionGroups.some(({ sections }) => sections.includes(moved) && sections.includes(target))
  if (moved === target || !isTogether) return order
  const goesDown = order.indexOf(moved) < order.indexOf(target)
  return order.flatMap((section) => (section === moved ? [] : section !== target ? [section] : goesDown ? [section, moved] : [moved, section]))
}
