import type { Sequences } from '../../charts/strips/sequences.ts'
import { similarityOrder } from '../../charts/strips/similarity.ts'
import type { Variants } from '../../charts/strips/variants.ts'

/** What the worker is asked once; it answers with the users in order. */
export interface SimilarityRequest {
  readonly sequences: Pick<Sequences, 'starts' | 'type'>
  readonly variants: Variants
}

// tens of thousands of long sequences take seconds, which the window's own thread does not have
self.addEventListener('message', ({ data }: MessageEvent<SimilarityRequest>) => {
  const order = similarityOrder(data.sequences, data.variants)
  self.postMessage(order, { transfer: [order.buffer] })
})
