import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { AppError, toFailure } from '../../../shared/errors.ts'
import { useEngine } from '../../api/context.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { fromFile, largestView, placeView, type SharedView } from './shared-view.ts'

/** Opens views that somebody has shared, and says what of them is not in this workspace. @param routes the screens that a view may be of */
export function useOpenView(routes: readonly string[]): { readonly open: (view: SharedView) => Promise<void>; readonly openFile: (file: File) => Promise<void>; readonly dropFile: (file: File) => void } {
  const navigate = useNavigate()
  const engine = useEngine()
  const open = async (shared: SharedView): Promise<void> => {
    const { view, missing } = placeView(shared, await engine.client.call('sources.list', {}))
    // the screen leaves out of the search what makes no sense to it, as of any URL
    await navigate({ to: view.route, search: view.search as never })
    if (missing.length > 0) notifications.show({ color: 'orange', autoClose: 12_000, title: 'Part of this view is not in this workspace', message: `There are no events of ${missing.slice(0, 5).map((name) => safeText(name, 100)).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''} here. Connect to the topic, or open the workspace that has it.` })
  }
  const openFile = async (file: File): Promise<void> => {
    if (file.size > largestView) throw new AppError('BAD_REQUEST', `${safeText(file.name, 100)} is too large to be a view.`)
    await open(fromFile(await file.text(), routes))
  }
  const dropFile = (file: File): void => {
    openFile(file).catch((error: unknown) => {
      const { message, hint } = toFailure(error)
      notifications.show({ color: 'red', title: safeText(message, 300), message: safeText(hint ?? '', 500) })
    })
  }
  return { open, openFile, dropFile }
}
