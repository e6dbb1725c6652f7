import type { ReactNode } from 'react'

export function FirstRunScreen(): ReactNode {
  return null
}
