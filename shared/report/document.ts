import { behaviorBlocks } from './behavior-sections.ts'
import type { Block } from './blocks.ts'
import { dataBlocks } from './data-sections.ts'
import type { Report } from './model.ts'
import { shownLines } from './text.ts'

/** A whole report as pieces, below its title: what HTML and Markdown are printed from, so that they say the same. */
export function reportBlocks(report: Report): readonly Block[] {
  const notes = report.notes.trim()
  return [...(notes === '' ? [] : [{ kind: 'notes' as const, text: shownLines(notes) }]), ...report.behaviors.flatMap((behavior) => behaviorBlocks(behavior, report)), ...dataBlocks(report)]
}
