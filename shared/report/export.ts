import { z } from 'zod'
import { ReportRequest } from './model.ts'

/** Documents for people, and matches for machines: csv, ndjson, parquet, cloudevents. `figures` is every chart as SVG and CSV, `png` every chart as a picture. */
export const ExportFormat = z.enum(['html', 'pdf', 'md', 'json', 'figures', 'png', 'csv', 'ndjson', 'parquet', 'cloudevents'])
export type ExportFormat = z.infer<typeof ExportFormat>

/** A file that an export has written. */
export const ExportedFile = z.object({ format: ExportFormat, path: z.string(), bytes: z.number() })
export type ExportedFile = z.infer<typeof ExportedFile>

/** How a report is built, under a name; what it is of is chosen anew, or by the names of behaviors that are saved. */
export const ReportTemplate = ReportRequest.omit({ text: true }).extend({ name: z.string().min(1).max(100) })
export type ReportTemplate = z.infer<typeof ReportTemplate>

/** A number of a report that is not what its positions give now. */
export const ReportDifference = z.object({ where: z.string(), recorded: z.string(), now: z.string() })
export type ReportDifference = z.infer<typeof ReportDifference>

/**
 * What verifying a report has given. `proven`: every number is the same; `different`: some are not; `gone`: part of the
 * events is no longer there, so that its numbers cannot be counted again.
 */
export const Verification = z.object({
  verdict: z.enum(['proven', 'different', 'gone']),
  title: z.string(),
  /** Numbers and texts that were compared. */
  compared: z.number(),
  differences: z.array(ReportDifference),
  /** Differences beyond those that are listed. */
  moreDifferences: z.number(),
  /** Sentences that say which part of the events is gone, and why. */
  gone: z.array(z.string()),
  notes: z.array(z.string()),
})
export type Verification = z.infer<typeof Verification>
