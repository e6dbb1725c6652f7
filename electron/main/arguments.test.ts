import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'

describe('the arguments of the app', () => {
  it('are found among those of Chromium', () => {
    expect(readArguments(['electron', '--no-sandbox', '.', '--workspace', '/w', '--profile=/p', '--demo', 'a.csv'], false)).toEqual({ workspace: '/w', profile: '/p', demo: true, file: resolve('a.csv'), link: undefined })
  })
  it('of a packaged app do not name its folder', () => {
    expect(readArguments(['/opt/undercurrent', 'a.csv'], true)).toEqual({ workspace: undefined, profile: undefined, demo: false, file: resolve('a.csv'), link: undefined })
  })
  it('hold the link of a view, which is no path', () => {
    expect(readArguments(['/opt/undercurrent', 'undercurrent:/live?from=5'], true)).toMatchObject({ link: 'undercurrent:/live?from=5', file: undefined })
    expect(readArguments(['electron', '.', 'undercurrent:/live', 'a.csv'], false)).toMatchObject({ link: 'undercurrent:/live', file: resolve('a.csv') })
  })
})
