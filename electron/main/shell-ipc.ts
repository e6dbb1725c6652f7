import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import type { z } from 'zod'
import { shellCalls, type ShellCallName, type ShellCallOutput } from '../../shared/contract/shell.ts'
import { AppError, toFailure } from '../../shared/errors.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import { isOwn } from './origin.ts'

/** Answers every call of the shell. Total by construction: a missing handler does not compile. */
export type ShellHandlers = { readonly [N in ShellCallName]: (input: z.output<(typeof shellCalls)[N]['input']>) => Promise<ShellCallOutput<N>> }

/** Answers a window's calls, after looking at who asks and what. Replies are results, since an error loses its code on the way. */
export function serveShell(handlers: ShellHandlers, onPort: (event: IpcMainEvent) => void): void {
  ipcMain.handle('shell.call', async (event, name: unknown, input: unknown): Promise<Result<unknown>> => {
    try {
      if (!isTrusted(event)) throw new AppError('BAD_REQUEST', 'Only the app itself may ask this.')
      if (typeof name !== 'string' || !Object.hasOwn(shellCalls, name)) throw new AppError('BAD_REQUEST', 'There is no such call.')
      const known = name as ShellCallName
      const parsed = shellCalls[known].input.safeParse(input)
      if (!parsed.success) throw new AppError('BAD_REQUEST', `${name}: ${parsed.error.issues[0]?.message ?? 'not valid'}`)
      return ok(await (handlers[known] as (input: unknown) => Promise<unknown>)(parsed.data))
    } catch (error) {
      return err(toFailure(error))
    }
  })
  ipcMain.on('shell.port', (event) => {
    if (isTrusted(event)) onPort(event)
  })
}

/** Whether a message comes from the main frame of the app's own page. */
function isTrusted(event: IpcMainInvokeEvent | IpcMainEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && isOwn(frame.url)
}
