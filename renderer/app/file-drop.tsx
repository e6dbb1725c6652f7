import { Center, Overlay, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { toFailure } from '../../shared/errors.ts'
import { useHost } from '../api/context.tsx'
import { isViewFile } from '../features/share/shared-view.ts'

/** A file that is dropped anywhere on the window goes to the import, a shared view is opened; what a part of the screen has taken is left to it. */
export function FileDrop({ onView, children }: { readonly onView: (file: File) => void; readonly children: ReactNode }): ReactNode {
  const host = useHost()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  // entering a child leaves its parent, so only the count tells whether the window was left
  const depth = useRef(0)
  const carriesFile = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')

  const drop = async (event: DragEvent): Promise<void> => {
    const isTaken = event.isDefaultPrevented()
    event.preventDefault()
    depth.current = 0
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file === undefined || isTaken) return
    if (isViewFile(file.name)) {
      onView(file)
      return
    }
    try {
      await navigate({ to: '/connect', search: { file: await host.pathOf(file) } as never })
    } catch (error) {
      notifications.show({ color: 'red', title: 'The file could not be opened', message: toFailure(error).message })
    }
  }

  return (
    <div
      style={{ height: '100%' }}
      onDragEnter={(event) => {
        if (!carriesFile(event)) return
        depth.current++
        setOver(true)
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1)
        if (depth.current === 0) setOver(false)
      }}
      onDragOver={(event) => {
        if (!carriesFile(event)) return
        // over a part that takes files itself the window keeps out of the way
        setOver(!event.isDefaultPrevented())
        event.preventDefault()
      }}
      onDrop={(event) => void drop(event)}
    >
      {children}
      {over && (
        <Overlay fixed zIndex={400} backgroundOpacity={0.55} blur={2} style={{ pointerEvents: 'none' }}>
          <Center h="100%"><Text c="white" size="xl" fw={600}>Drop a CSV, NDJSON or Parquet file to look at it, or a shared view to open it</Text></Center>
        </Overlay>
      )}
    </div>
  )
}
