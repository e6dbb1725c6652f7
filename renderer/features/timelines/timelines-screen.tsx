import type { ReactNode } from 'react'

export function TimelinesScreen(): ReactNode {
  return null
}
