import type { ReactNode } from 'react'

export function ConnectScreen(): ReactNode {
  return null
}
