import { useState } from 'react'
import { useEngineEvent } from '../../api/context.tsx'

/** How far the counting of a report is, from 0 to 100; from the start again when `isBusy` begins anew. */
export function useReportProgress(isBusy: boolean): number {
  const [done, setDone] = useState(0)
  const [wasBusy, setWasBusy] = useState(isBusy)
  if (wasBusy !== isBusy) {
    setWasBusy(isBusy)
    setDone(0)
  }
  useEngineEvent('job.progress', ({ job, done: now, total = 1000 }) => {
    if (job === 'report') setDone((100 * now) / total)
  })
  return Math.max(2, Math.min(100, done))
}
