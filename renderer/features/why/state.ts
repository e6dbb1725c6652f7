import { z } from 'zod'

/** What is asked, as it stands in the URL. */
export const WhyState = z.object({
  /** A behavior that is saved. */
  behavior: z.string().optional().catch(undefined),
  /** A behavior that is not saved, such as one that was discovered. */
  text: z.string().optional().catch(undefined),
  against: z.string().optional().catch(undefined),
  /** Asks about what the filter selects instead. */
  region: z.boolean().optional().catch(undefined),
  country: z.string().optional().catch(undefined),
  dates: z.string().optional().catch(undefined),
  context: z.array(z.object({ path: z.string(), attribute: z.string() })).optional().catch(undefined),
})
export type WhyState = z.infer<typeof WhyState>
