import { AppError } from '../errors.ts'
import { Report, reportToJson } from './model.ts'

const mark = 'undercurrent-report'

/** The data of a report as it stands inside of a document: JSON that no reader of HTML or Markdown takes for anything else. */
export function embed(report: Report, kind: 'html' | 'markdown'): string {
  // neither an end of the script nor of the comment, nor a line end of JavaScript, can stand in it
  const json = reportToJson(report).replace(/[<>&\u2028\u2029]|--/g, (found) => found.split('').map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))
  return kind === 'html' ? `<script type="application/json" id="${mark}">${json}</script>` : `<!-- ${mark} ${json} -->`
}

/**
 * The report that a document carries: HTML, Markdown, or the JSON itself.
 *
 * @throws AppError BAD_REQUEST when there is none, or it was not written by Undercurrent
 */
export function extract(document: string): Report {
  const json = /<script type="application\/json" id="undercurrent-report">([^<]*)<\/script>/.exec(document)?.[1] ?? /<!-- undercurrent-report (\{[^<>]*\}) -->/.exec(document)?.[1] ?? (document.trimStart().startsWith('{') ? document : undefined)
  if (json === undefined) throw new AppError('BAD_REQUEST', 'This document carries no data of a report.', { hint: 'HTML, Markdown and JSON reports do; a PDF does not: verify the HTML that was made with it.' })
  try {
    return Report.parse(JSON.parse(json))
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The data inside of this report is not whole, or of a version that is not known.', { hint: 'Take the file as it was made, or a newer version of Undercurrent.', cause })
  }
}
