import { z } from 'zod'

/** The layers of a connection, in the order in which they are tried. */
export const layers = ['dns', 'tcp', 'tls', 'sasl', 'kafka', 'authorization', 'topic', 'registry'] as const

/** One layer of a connection. */
export const Layer = z.enum(layers)
export type Layer = z.infer<typeof Layer>

/** What trying one layer has shown. */
export const LayerResult = z.object({
  layer: Layer,
  /** `warning`: it works, but not as it should, such as with two brokers of three; `skipped`: not asked for, or behind a failure. */
  state: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** One sentence for people: what was found, or why it was skipped. */
  detail: z.string(),
  /** What to change. */
  hint: z.string().optional(),
  /** How long the layer took, in milliseconds; 0 where it was skipped. */
  ms: z.number().nonnegative(),
})
export type LayerResult = z.infer<typeof LayerResult>
