import type { EventValue } from '../../shared/contract/events.ts'
import { useEngineEvent, useHost } from '../api/context.tsx'
import { safeText } from '../ui/safe-text.ts'
import type { Notice } from './source-notices.ts'

/** What is told of things that recur and have not come; undefined when nothing is missed. */
export function noticeOfMissed({ missed, total }: EventValue<'recurring.missed'>): Notice | undefined {
  const [first] = missed
  if (first === undefined) return undefined
  const name = safeText(first.behavior, 80)
  const whose = safeText(Object.values(first.key).join(', '), 80)
  const expected = new Date(Number(first.expected / 1000n)).toLocaleString()
  return { title: total === 1 ? `${name} has not come` : `${total.toLocaleString()} that recur have not come`, body: `${name} (${whose}) was expected at ${expected}.${total === 1 ? '' : ' Behaviors shows the others.'}` }
}

/** Tells when a saved behavior with `every` is missed; the host shows it only while nobody looks at the app. */
export function useMissedNotices(): void {
  const host = useHost()
  useEngineEvent('recurring.missed', (missed) => {
    const notice = noticeOfMissed(missed)
    if (notice !== undefined) host.notify(notice.title, notice.body)
  })
}
