import { randomUUID } from 'node:crypto'
import type { ElectronApplication } from '@playwright/test'

/** What the main process has of Electron. */
type Electron = Parameters<Exclude<Parameters<ElectronApplication['evaluate']>[0], string>>[0]

/**
 * Runs a function in the app's main process, once, and answers what it returns. It is sent as its text, so it can name nothing from around it.
 *
 * When the main process happens to collect garbage while a function runs there, Playwright's reply is collected too, and its own `evaluate` fails
 * although the work is done (microsoft/playwright issue 33737). So what the function returns is kept over there, and asked for again.
 */
export async function inMain<Given extends unknown[], Result>(app: ElectronApplication, work: (electron: Electron, ...given: Given) => Result | Promise<Result>, ...given: Given): Promise<Result> {
  const call = { id: randomUUID(), work: String(work), given }
  for (;;) {
    try {
      return (await app.evaluate((electron, { id, work, given }) => {
        const place = globalThis as { answers?: Map<string, unknown> }
        const answers = (place.answers ??= new Map())
        if (!answers.has(id)) answers.set(id, (eval(`(${work})`) as (electron: unknown, ...given: unknown[]) => unknown)(electron, ...given))
        return answers.get(id)
      }, call)) as Result
    } catch (error) {
      if (!String(error).includes('Resulting promise was garbage collected')) throw error
    }
  }
}
