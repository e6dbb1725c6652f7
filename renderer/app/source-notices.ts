import { useRef } from 'react'
import type { EventValue } from '../../shared/contract/events.ts'
import { useEngineEvent, useHost } from '../api/context.tsx'
import { safeText } from '../ui/safe-text.ts'

type Change = EventValue<'source.changed'>
/** What is told to a user who looks elsewhere. */
export interface Notice {
  readonly title: string
  readonly body: string
}

/** What a change of a source is worth telling, after the state that it had before. */
export function noticeOf(before: Change['state'] | undefined, { source, state, failure }: Change): Notice | undefined {
  const name = safeText(source, 80)
  const why = failure === undefined ? '' : safeText(`${failure.message} ${failure.hint ?? ''}`.trim(), 400)
  if (state === before) return undefined
  if (state === 'failed') return { title: `${name} has stopped`, body: why }
  if (state === 'reconnecting') return { title: `${name} has lost its broker`, body: `It is tried again until it is back. ${why}`.trim() }
  if (before === 'reconnecting' && (state === 'reading' || state === 'caught_up')) return { title: `${name} is connected again`, body: 'It goes on where it left off.' }
  return undefined
}

/** Tells of sources that stop, or lose their broker and find it again; the host shows it only while nobody looks at the app. */
export function useSourceNotices(): void {
  const host = useHost()
  const states = useRef(new Map<string, Change['state']>())
  useEngineEvent('source.changed', (change) => {
    const notice = noticeOf(states.current.get(change.source), change)
    states.current.set(change.source, change.state)
    if (notice !== undefined) host.notify(notice.title, notice.body)
  })
}
