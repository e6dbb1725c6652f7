import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Copies a value to the clipboard. `name` says what is copied. */
export function CopyValue({ value, name }: { readonly value: string; readonly name: string }): ReactNode {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${name}`}>
          <ActionIcon size="sm" variant="subtle" color="gray" onClick={copy} aria-label={`Copy ${name}`}>{copied ? <IconCheck size={14} /> : <IconCopy size={14} />}</ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}
