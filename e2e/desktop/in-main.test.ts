import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeIf } from '../kafka/describe-if.ts'
import { inMain } from './in-main.ts'
import { desktopAvailability, launchDesktop } from './launch.ts'

describeIf(desktopAvailability, 'a function in the main process', () => {
  it('runs once and answers, however often garbage is collected there', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-main-'))
    const desktop = await launchDesktop({ workspace, args: ['--js-flags=--expose-gc'] })
    const count = { ran: 0 }
    await inMain(desktop.app, (_, count) => void Object.assign(globalThis, { count, collecting: setInterval(() => (globalThis as unknown as { gc(): void }).gc(), 1) }), count)
    for (let turn = 1; turn <= 100; turn++) {
      expect(await inMain(desktop.app, (_, by) => ((globalThis as unknown as { count: { ran: number } }).count.ran += by), 1)).toBe(turn)
    }
    expect(await inMain(desktop.app, () => new Promise<string>((done) => setTimeout(() => done('later'), 300)))).toBe('later')
    await expect(inMain(desktop.app, () => Promise.reject(new Error('it says why')))).rejects.toThrow('it says why')
    await inMain(desktop.app, () => clearInterval((globalThis as unknown as { collecting: NodeJS.Timeout }).collecting))
    await desktop.close()
    rmSync(workspace, { recursive: true, force: true })
  }, 60_000)
})
