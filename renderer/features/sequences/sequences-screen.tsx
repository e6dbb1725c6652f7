import type { ReactNode } from 'react'

export function SequencesScreen(): ReactNode {
  return null
}
