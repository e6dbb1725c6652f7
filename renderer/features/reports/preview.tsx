import { useComputedColorScheme } from '@mantine/core'
import { useMemo, useRef, type ReactNode } from 'react'
import type { Report } from '../../../shared/report/model.ts'
import { cspNonce } from '../../ui/csp-nonce.ts'
import { previewHtml } from './preview-html.ts'
import classes from './reports.module.css'

/**
 * The report as its reader will see it, in a frame in which nothing runs: there is no `allow-scripts`, so that
 * `allow-same-origin` gives the app a hand on the frame, to keep its place, and the frame nothing.
 */
export function Preview({ report }: { readonly report: Report }): ReactNode {
  const scheme = useComputedColorScheme('light')
  const html = useMemo(() => previewHtml(report, scheme, cspNonce()), [report, scheme])
  const frame = useRef<HTMLIFrameElement>(null)
  const place = useRef(0)
  const keepPlace = (): void => {
    const inside = frame.current?.contentWindow
    if (inside === null || inside === undefined) return
    inside.scrollTo(0, place.current)
    inside.addEventListener('scroll', () => {
      place.current = inside.scrollY
    })
  }
  return <iframe ref={frame} className={classes.frame} title="Preview of the report" sandbox="allow-same-origin" srcDoc={html} onLoad={keepPlace} />
}
