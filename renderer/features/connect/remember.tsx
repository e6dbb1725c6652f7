import { Checkbox, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { safeText } from '../../ui/safe-text.ts'

/** Whether the user wants a connection's secrets remembered, as far as it is possible here. */
export interface RememberState {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  /** Why nothing can be remembered; undefined where it can, or while that is not known. */
  readonly reason: string | undefined
  /** What `tail.start` is told: nothing where nothing can be remembered. */
  readonly choice: { readonly remember?: boolean }
}

export function useRemember(): RememberState {
  const [checked, setChecked] = useState(false)
  const { data: status } = useCall('secrets.status', {})
  const isAvailable = status?.available === true
  return { checked, onChange: setChecked, reason: status === undefined || isAvailable ? undefined : (status.reason ?? 'there is no place for it.'), choice: isAvailable ? { remember: checked } : {} }
}

/** A checkbox where passwords can be remembered, and the reason where they cannot. */
export function Remember({ checked, onChange, reason }: RememberState): ReactNode {
  if (reason !== undefined) return <Text size="xs" c="dimmed">The password is not remembered: {safeText(reason, 300)} It is asked for when the source is started again.</Text>
  return <Checkbox size="xs" label="Remember the password" description="encrypted by the keyring of this system, outside of the workspace; without it, it is asked for when the source is started again" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
}
