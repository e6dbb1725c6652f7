import { Navigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCall } from '../api/use-call.ts'
import { FailureNote } from '../ui/failure-note.tsx'

/** Where the app opens: at the live screen, or at the three doors when the workspace has no source yet. */
export function Home(): ReactNode {
  const { data, error, refetch } = useCall('sources.list', {}, { label: 'Opening the workspace' })
  if (data === undefined) return <FailureNote error={error} onRetry={() => void refetch()} />
  return <Navigate to={data.length === 0 ? '/start' : '/live'} replace />
}
