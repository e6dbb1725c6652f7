import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const settings = readFileSync('electron-builder.yml', 'utf8')
const { devDependencies, main } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly devDependencies: Readonly<Record<string, string>>; readonly main: string }

describe('the packaged app', () => {
  it.each([
    ['runAsNode', false],
    ['enableNodeOptionsEnvironmentVariable', false],
    ['enableNodeCliInspectArguments', false],
    ['enableCookieEncryption', true],
    ['enableEmbeddedAsarIntegrityValidation', true],
    ['onlyLoadAppFromAsar', true],
    ['loadBrowserProcessSpecificV8Snapshot', false],
    ['grantFileProtocolExtraPrivileges', false],
  ])('has the fuse %s set to %s', (fuse, value) => expect(settings).toMatch(new RegExp(`^electronFuses:\\n(?:  .*\\n)*?  ${fuse}: ${String(value)}$`, 'm')))

  it('is one archive of what the build makes, with DuckDB’s libraries beside it', () => {
    expect(settings).toMatch(/^asar: true$/m)
    expect(settings).toContain("- '**/node_modules/@duckdb/node-bindings*/**'")
    expect(main).toMatch(/^build\/electron\//)
    for (const left of ["'!**/*.{map,d.ts,", "'!build/**/*.test.*'"]) expect(settings).toContain(left)
  })

  it('ships a current Electron', () => expect(Number(/^\^(\d+)\./.exec(devDependencies.electron ?? '')?.[1])).toBeGreaterThanOrEqual(45))
})
