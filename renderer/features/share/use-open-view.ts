import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { AppError, toFailure } from '../../../shared/errors.ts'
import { useEngine } from '../../api/context.tsx'
import type { Engine } from '../../api/engine.ts'
import { safeText } from '../../ui/safe-text.ts'
import { findMissing } from './find-missing.ts'
import { fromFile, fromLink, largestView, placeView, type SharedView } from './shared-view.ts'

/** A view that comes from outside of the app: its link, or the text of its file. */
export interface GivenView {
  readonly text: string
  readonly isFile: boolean
}

/** Opens views that somebody has shared, and says what of them is not in this workspace. @param routes the screens that a view may be of */
export function useOpenView(routes: readonly string[]): { readonly open: (view: SharedView) => Promise<void>; readonly openFile: (file: File) => Promise<void>; readonly dropFile: (file: File) => void; readonly give: (given: GivenView) => void } {
  const navigate = useNavigate()
  const engine = useEngine()
  const open = async (shared: SharedView): Promise<void> => {
    await reached(engine)
    const { view, missing } = placeView(shared, await engine.client.call('sources.list', {}))
    // the screen leaves out of the search what makes no sense to it, as of any URL
    await navigate({ to: view.route, search: view.search as never })
    if (missing.length > 0) tell(`There are no events of ${listed(missing)} here.`, 'Connect to the topic, or open the workspace that has it.')
    const { users, behaviors } = await findMissing(engine.client, view)
    if (users.length > 0) tell(`There is no user ${listed(users)} here.`, 'Their events may not have been read yet, or be in another workspace.')
    if (behaviors.length > 0) tell(`There is no behavior ${listed(behaviors)} here.`, 'Ask for its text, and save it on the Behaviors screen.')
  }
  const openFile = async (file: File): Promise<void> => {
    if (file.size > largestView) throw new AppError('BAD_REQUEST', `${safeText(file.name, 100)} is too large to be a view.`)
    await open(fromFile(await file.text(), routes))
  }
  const dropFile = (file: File): void => void openFile(file).catch(tellFailure)
  const give = ({ text, isFile }: GivenView): void => {
    // what it says is read inside of the promise, so that its fault is shown as any other
    void Promise.resolve().then(() => open(isFile ? fromFile(text, routes) : fromLink(text, routes))).catch(tellFailure)
  }
  return { open, openFile, dropFile, give }
}

function tell(what: string, todo: string): void {
  notifications.show({ color: 'orange', autoClose: 12_000, title: 'Part of this view is not in this workspace', message: `${what} ${todo}` })
}

function tellFailure(error: unknown): void {
  const { message, hint } = toFailure(error)
  notifications.show({ color: 'red', title: safeText(message, 300), message: safeText(hint ?? '', 500) })
}

/** The first of some names, and how many there are more. */
function listed(names: readonly string[]): string {
  return `${names.slice(0, 5).map((name) => safeText(name, 100)).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}

/** Waits for the engine: a view may be what the app was started with. */
function reached(engine: Engine): Promise<void> {
  if (engine.getState().status === 'open') return Promise.resolve()
  return new Promise((resolve) => {
    const leave = engine.subscribe(() => {
      if (engine.getState().status !== 'open') return
      leave()
      resolve()
    })
  })
}
