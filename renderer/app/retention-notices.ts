import { notifications } from '@mantine/notifications'
import { useEngineEvent } from '../api/context.tsx'
import { safeText } from '../ui/safe-text.ts'

/** Tells when old events could not be removed: once, until it is closed, however often it fails again. */
export function useRetentionNotices(): void {
  useEngineEvent('retention.failed', ({ failure: { message, hint } }) => {
    notifications.show({ id: 'retention.failed', autoClose: false, color: 'red', title: 'Old events could not be removed', message: safeText(`${message} ${hint ?? ''}`.trim(), 500) })
  })
}
