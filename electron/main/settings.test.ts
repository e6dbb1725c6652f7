import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SettingsFile, visibleBounds } from './settings.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the settings', () => {
  it('are there again at the next start, for this user alone', () => {
    const path = join(folder, 'settings.json')
    new SettingsFile(path).change({ theme: 'dark' })
    expect(new SettingsFile(path).value.theme).toBe('dark')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)
  })

  it.each(['', '{', '[]', '{"theme":"pink","window":{"x":"a"},"recent":"none"}'])('begin anew when the file says %j', (text) => {
    const path = join(folder, 'settings.json')
    writeFileSync(path, text)
    expect(new SettingsFile(path).value).toEqual({ theme: 'system', window: undefined, recent: [] })
  })

  it('name the ten workspaces that were open last, each once', () => {
    const file = new SettingsFile(join(folder, 'settings.json'))
    for (let index = 0; index < 12; index++) file.remember(`/w/${index}`, index)
    file.remember('/w/5', 99)
    expect(file.value.recent.map(({ path }) => path)).toEqual(['/w/5', '/w/11', '/w/10', '/w/9', '/w/8', '/w/7', '/w/6', '/w/4', '/w/3', '/w/2'])
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toMatchObject({ recent: expect.any(Array) as unknown[] })
  })
})

describe('a window', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 }
  it('opens where it was', () => expect(visibleBounds({ x: 100, y: 50, width: 1000, height: 700, maximized: false }, [display])).toEqual({ x: 100, y: 50, width: 1000, height: 700 }))
  it('keeps its size but not its place when the display is gone', () => expect(visibleBounds({ x: 3000, y: 50, width: 1000, height: 700, maximized: false }, [display])).toEqual({ width: 1000, height: 700 }))
})
