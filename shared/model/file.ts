import { z } from 'zod'

/** How a file is read. `format` is told from the name where it is left out. */
export const FileOptions = z.object({
  format: z.enum(['csv', 'ndjson', 'parquet']).optional(),
  /** CSV only: what separates the columns, where it is not found by itself. */
  delimiter: z.string().length(1).optional(),
})
export type FileOptions = z.infer<typeof FileOptions>
