import type { ReactNode } from 'react'

export function SqlScreen(): ReactNode {
  return null
}
