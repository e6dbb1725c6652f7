import { useSyncExternalStore } from 'react'

/** Work that the user may have to wait for. `rows` counts what has arrived; `total` is there where it is known. */
export interface Job {
  readonly id: number
  readonly label: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly rows: number
  readonly total: number | undefined
  cancel(): void
}

let jobs: readonly Job[] = []
let lastId = 0
const listeners = new Set<() => void>()

function change(next: readonly Job[]): void {
  jobs = next
  for (const listener of listeners) listener()
}

/** Shows work in the status bar until `done` is called; it appears there once it takes more than half a second. */
export function startJob(label: string, cancel: () => void): { progress(rows: number, total?: number): void; done(): void } {
  const id = ++lastId
  change([...jobs, { id, label, startedAt: Date.now(), rows: 0, total: undefined, cancel }])
  return {
    progress: (rows, total) => change(jobs.map((job) => (job.id === id ? { ...job, rows, total } : job))),
    done: () => change(jobs.filter((job) => job.id !== id)),
  }
}

/** All work under way, oldest first. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => jobs,
  )
}
