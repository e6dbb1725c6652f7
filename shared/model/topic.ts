import { z } from 'zod'

/** One topic of a cluster. Offsets: [earliest, latest). */
export const TopicInfo = z.object({
  name: z.string(),
  internal: z.boolean(),
  partitions: z.array(z.object({ partition: z.number(), earliest: z.bigint(), latest: z.bigint() })),
  /** Records by offsets; fewer where the log is compacted. */
  records: z.number(),
})
export type TopicInfo = z.infer<typeof TopicInfo>
