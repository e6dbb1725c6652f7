import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'vitest'
import { describeIf } from '../kafka/describe-if.ts'
import { inMain } from './in-main.ts'
import { desktopAvailability, startDesktop } from './launch.ts'

describeIf(desktopAvailability, 'the desktop app', () => {
  it('quits while its window is still loading, without a dialog that waits for somebody', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-quit-'))
    const { app, close } = await startDesktop({ workspace })
    const ended = new Promise((resolve) => app.process().once('exit', resolve))
    await inMain(app, ({ app, BrowserWindow }) => {
      if (BrowserWindow.getAllWindows().length > 0) app.quit()
      else app.once('browser-window-created', () => setImmediate(() => app.quit()))
    })
    await ended
    await close()
    rmSync(workspace, { recursive: true, force: true })
  }, 60_000)
})
