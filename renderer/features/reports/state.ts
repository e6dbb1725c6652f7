import { z } from 'zod'
import type { CallInput } from '../../../shared/contract/calls.ts'
import { ExportFormat, type ReportTemplate } from '../../../shared/report/export.ts'
import { SectionName } from '../../../shared/report/model.ts'

const texts = z.array(z.string()).optional().catch(undefined)
const sections = z.array(SectionName).optional().catch(undefined)

/** A report as it is being built, in the URL: a link opens the same builder, and going back undoes. */
export const ReportState = z.object({
  /** Behaviors by name, in the order of the report: of the workspace or of `text`. */
  of: texts,
  /** Behaviors that are not saved. */
  text: z.string().max(1_000_000).optional().catch(undefined),
  title: z.string().max(300).optional().catch(undefined),
  notes: z.string().max(20_000).optional().catch(undefined),
  /** Every section in its order, left out or not, so that one that is taken in again stands where it stood. */
  order: sections,
  without: sections,
  /** Chosen by the engine where it is left out. */
  attributes: texts,
  examples: z.number().int().min(0).max(50).optional().catch(undefined),
  hide: texts,
  hash: texts,
  shorten: texts,
  minCount: z.number().int().min(1).max(1_000_000).optional().catch(undefined),
  formats: z.array(ExportFormat).optional().catch(undefined),
  /** Checks a file instead of building one. */
  check: z.boolean().optional().catch(undefined),
})
export type ReportState = z.infer<typeof ReportState>
export type SetReportState = (change: Partial<ReportState>, options?: { readonly replace?: boolean }) => void

export const defaultExamples = 5
export const defaultFormats: readonly ExportFormat[] = ['html']

/** All sections in the order that was chosen; those it does not name stand at the end, in their own order. */
export function orderOf({ order = [] }: Pick<ReportState, 'order'>): readonly SectionName[] {
  return [...new Set([...order, ...SectionName.options])]
}

/** The sections that the report has, in their order. */
export function sectionsOf(state: Pick<ReportState, 'order' | 'without'>): SectionName[] {
  return orderOf(state).filter((section) => state.without?.includes(section) !== true)
}

/** What the engine is asked for. @param names the behaviors, in the order of the report */
export function toRequest(state: ReportState, names: readonly string[]): CallInput<'reports.make'> {
  const { text, title, notes, attributes, examples = defaultExamples, hide = [], hash = [], shorten = [], minCount = 1 } = state
  return {
    ...(text === undefined ? {} : { text }),
    names: [...names],
    ...(title === undefined ? {} : { title }),
    ...(notes === undefined ? {} : { notes }),
    sections: sectionsOf(state),
    ...(attributes === undefined ? {} : { attributes }),
    examples,
    privacy: { hide, hash, shorten, minCount },
  }
}

/** A report as it is built now, to be built again under a name. Behaviors that are not saved cannot be named in it. */
export function toTemplate(name: string, state: ReportState, savedNames: readonly string[]): CallInput<'reports.saveTemplate'> {
  const { text: _, names = [], ...request } = toRequest(state, savedNames)
  return { ...request, name, ...(names.length === 0 ? {} : { names }) }
}

/** What a template changes: all of how the report is built, and what it is of where the template says it and it is there. */
export function fromTemplate(template: ReportTemplate, isSaved: (name: string) => boolean): Partial<ReportState> {
  const { names, title, notes, sections: chosen, attributes, examples, privacy } = template
  const there = names?.filter(isSaved) ?? []
  const some = (values: string[]): string[] | undefined => (values.length === 0 ? undefined : values)
  const left = SectionName.options.filter((section) => !chosen.includes(section))
  return {
    ...(there.length === 0 ? {} : { of: there, text: undefined }),
    title,
    notes,
    order: [...chosen, ...left],
    without: left.length === 0 ? undefined : left,
    attributes,
    examples,
    hide: some(privacy.hide),
    hash: some(privacy.hash),
    shorten: some(privacy.shorten),
    minCount: privacy.minCount === 1 ? undefined : privacy.minCount,
  }
}
