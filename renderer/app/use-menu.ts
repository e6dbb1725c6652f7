import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { useHost } from '../api/context.tsx'
import type { MenuCommand } from '../../shared/contract/shell.ts'
import { openPalette } from './palette.tsx'

/** Does what the system's menu and files given from outside ask for. */
export function useMenu({ onKeys }: { readonly onKeys: () => void }): void {
  const host = useHost()
  const navigate = useNavigate()
  const importFrom = (file: string): void => void navigate({ to: '/connect', search: { file } as never })
  const run = useEffectEvent((command: MenuCommand): void => {
    switch (command) {
      case 'palette':
        openPalette()
        return
      case 'keys':
        onKeys()
        return
      case 'import':
        void host.pickFile().then((path) => path !== undefined && importFrom(path))
        return
      default:
        void navigate({ to: `/${command}` })
    }
  })
  const give = useEffectEvent(importFrom)
  useEffect(() => host.onMenu((command) => run(command)), [host])
  useEffect(() => host.onFileGiven((path) => give(path)), [host])
}
