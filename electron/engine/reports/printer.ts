import { findChromium, printPdf } from './chromium.ts'

/** What makes a PDF of a report's HTML: the desktop's own window, or a Chromium of the machine. */
export interface Printer {
  /** Whether there is one, before anything is counted. @throws AppError NOT_FOUND */
  check(): void
  /** @throws AppError NOT_FOUND without one, INTERNAL when it fails, CANCELLED */
  pdf(html: string, signal: AbortSignal): Promise<Uint8Array>
}

/** The Chromium of this machine, in a process of its own for each print. */
export const chromiumPrinter: Printer = {
  check: () => void findChromium(),
  pdf: printPdf,
}
