import { z } from 'zod'

/** Which events something was computed from: of each partition what had been read, and how many events that had given. */
export const Coverage = z.object({
  /** The mappings that the events were made with, by the code of the source. */
  mappings: z.record(z.string(), z.string()),
  partitions: z.array(z.object({ source: z.number(), partition: z.number(), events: z.number(), ranges: z.array(z.tuple([z.string(), z.string()])) })),
})
export type Coverage = z.infer<typeof Coverage>
