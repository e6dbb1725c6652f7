import type { ReactNode } from 'react'

export function LiveScreen(): ReactNode {
  return null
}
