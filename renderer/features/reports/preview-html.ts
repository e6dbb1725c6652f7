import { renderHtml } from '../../../shared/report/html.ts'
import type { Report } from '../../../shared/report/model.ts'
import { style, styleHash } from '../../../shared/report/style.ts'

/**
 * A report's HTML as the app may show it in a frame. A `srcdoc` frame is held to the app's own policy beside the one in
 * the document: the app lets a style sheet through by its nonce, which the sheet therefore names, and nothing else is
 * lost, since a report needs nothing else. The sheet follows the app's scheme and not the system's, so its hash is another
 * and the document's policy names the nonce too. The data for `verify` is left out: nobody reads it here.
 */
export function previewHtml(report: Report, scheme: 'light' | 'dark', nonce: string): string {
  const shown = style.replace('@media (prefers-color-scheme:dark)', scheme === 'dark' ? '@media all' : '@media not all').replace('color-scheme:light dark', `color-scheme:${scheme}`)
  // a function as replacement: in a text, $ would mean something
  return renderHtml(report)
    .replace(`'${styleHash}'`, () => `'nonce-${nonce}'`)
    .replace(`<style>${style}</style>`, () => `<style nonce="${nonce}">${shown}</style>`)
    .replace(/<script type="application\/json"[^<]*<\/script>/, '')
}

/** A counted report with the parts that need no counting as they are now: its title, its notes, the order of its sections. */
export function withWords(report: Report, { title = '', notes = '', sections }: { readonly title?: string | undefined; readonly notes?: string | undefined; readonly sections: Report['sections'] }): Report {
  const plain = title.trim()
  return { ...report, title: plain === '' ? report.asked.names.join(', ') : plain, notes, sections }
}
