import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { useHost } from '../api/context.tsx'
import type { GivenView } from '../features/share/use-open-view.ts'
import type { MenuCommand } from '../../shared/contract/shell.ts'
import { openPalette } from './palette.tsx'

/** Does what the system's menu asks for, and what files and views that are given from outside do. */
export function useMenu({ onKeys, onView }: { readonly onKeys: () => void; readonly onView: (given: GivenView) => void }): void {
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
  const show = useEffectEvent(onView)
  useEffect(() => host.onMenu((command) => run(command)), [host])
  useEffect(() => host.onFileGiven((path) => give(path)), [host])
  useEffect(() => host.onViewGiven((given) => show(given)), [host])
}
