import { useEffect, useState } from 'react'
import { startJob } from '../../api/jobs.ts'
import type { Sequences } from '../../charts/strips/sequences.ts'
import type { Variants } from '../../charts/strips/variants.ts'
import type { SimilarityRequest } from './similarity-worker.ts'

/** The users' order by similarity, worked out beside the window; undefined until it is there. */
export function useSimilarity(sequences: Sequences, variants: Variants, enabled: boolean): Int32Array | undefined {
  const [found, setFound] = useState<{ readonly of: Variants; readonly order: Int32Array } | undefined>(undefined)
  useEffect(() => {
    if (!enabled || variants.ranked.length < 2) return undefined
    const worker = new Worker(new URL('./similarity-worker.ts', import.meta.url), { type: 'module' })
    const job = startJob('Sorting by similarity', () => stop())
    const stop = (): void => {
      worker.terminate()
      job.done()
    }
    worker.addEventListener('message', ({ data }: MessageEvent<Int32Array>) => {
      setFound({ of: variants, order: data })
      stop()
    })
    worker.postMessage({ sequences: { starts: sequences.starts, type: sequences.type }, variants } satisfies SimilarityRequest)
    return stop
  }, [sequences, variants, enabled])
  return found?.of === variants ? found.order : undefined
}
