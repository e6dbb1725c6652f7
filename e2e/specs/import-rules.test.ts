import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { Linter, type Rule } from 'eslint'
import tseslint from 'typescript-eslint'
import { expect, describe, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
/** One line of the table in import-rules.js. */
interface Layer {
  readonly folder: string
  readonly mayImport: readonly string[]
}

const { layers, importRule } = (await import(resolve(root, 'import-rules.js'))) as { readonly layers: readonly Layer[]; readonly importRule: Rule.RuleModule }
const linter = new Linter({ cwd: root })

/** What the rule says of a file that imports something. */
function complaints(file: string, target: string): readonly string[] {
  const config = { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parser: tseslint.parser }, plugins: { house: { rules: { imports: importRule } } }, rules: { 'house/imports': 'error' } } as unknown as Linter.Config
  return linter.verify(`import ${JSON.stringify(target)}\n`, config, { filename: resolve(root, file) }).map(({ message }) => message)
}

/** How a file names another of this tree. */
function relativeTo(file: string, target: string): string {
  const path = relative(dirname(file), target)
  return path.startsWith('.') ? path : `./${path}`
}

const folders = ['shared', 'electron', 'renderer', 'e2e']
const files = folders.flatMap((folder) => readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.(?:ts|tsx|cts)$/.test(entry.name) && !entry.name.endsWith('.d.ts')).map((entry) => relative(root, resolve(entry.parentPath, entry.name)).replaceAll('\\', '/')))
const isTest = (file: string): boolean => /\.test(-d|-helper)?\.tsx?$/.test(file)
const layerOf = (file: string): Layer | undefined => layers.find(({ folder }) => file.startsWith(folder))
/** What each file that is no test imports, from the root of the tree where it is a file of ours. */
const imports = files.filter((file) => !isTest(file)).flatMap((file) =>
  [...readFileSync(resolve(root, file), 'utf8').matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map(([, wanted = '']) => ({ file, target: wanted.startsWith('.') ? relative(root, resolve(root, dirname(file), wanted)).replaceAll('\\', '/') : wanted })))

describe('who may import what', () => {
  it.each([
    ['shared/model/event.ts', 'node:fs'],
    ['shared/model/event.ts', 'electron/engine/engine.ts'],
    ['shared/model/event.ts', 'react'],
    ['shared/behavior/parse.ts', 'apache-arrow'],
    ['electron/engine/engine.ts', 'electron'],
    ['electron/engine/engine.ts', 'react'],
    ['electron/engine/engine.ts', 'renderer/app/main.tsx'],
    ['electron/engine/behaviors/live.ts', '@duckdb/node-api'],
    ['electron/engine/behaviors/live.ts', 'kafkajs'],
    ['electron/engine/decode/json.ts', '@duckdb/node-api'],
    ['electron/engine/store/store.ts', 'kafkajs'],
    ['electron/engine/sources/kafka/source.ts', '@duckdb/node-api'],
    ['electron/ipc/serve.ts', 'electron/engine/engine.ts'],
    ['electron/hosts/undercurrent.ts', 'electron'],
    ['electron/web/headers.ts', 'electron/engine/engine.ts'],
    ['electron/main/main.ts', '@duckdb/node-api'],
    ['electron/preload/preload.ts', 'node:fs'],
    ['renderer/api/engine.ts', 'electron/engine/engine.ts'],
    ['renderer/ui/format.ts', 'renderer/api/engine.ts'],
    ['renderer/charts/time-axis.ts', 'renderer/api/engine.ts'],
    ['renderer/features/live/live-screen.tsx', 'renderer/features/sql/sql-screen.tsx'],
    ['renderer/features/live/live-screen.tsx', 'renderer/app/frame.tsx'],
    ['renderer/features/live/live-screen.tsx', '@duckdb/duckdb-wasm'],
    ['renderer/app/frame.tsx', 'node:fs'],
    ['renderer/app/frame.tsx', 'electron'],
    ['e2e/specs/tail.ts', 'renderer/app/main.tsx'],
  ])('%s may not import %s', (file, target) => {
    const named = /^(?:shared|electron|renderer|e2e)\//.test(target) ? relativeTo(file, target) : target
    expect(complaints(file, named)).toEqual([expect.stringContaining('may not import')])
  })

  it('a file outside of every layer is told', () => {
    expect(complaints('tools/x.ts', 'zod')).toEqual([expect.stringContaining('is in no layer')])
  })

  it.each(layers.map((layer) => [layer.folder, layer] as const))('%s may import itself and what is listed', (folder, { mayImport }) => {
    expect(complaints(`${folder}x.ts`, './y.ts')).toEqual([])
    for (const entry of mayImport) {
      const target = entry === 'node:' ? 'node:fs' : entry.endsWith('/') ? relativeTo(`${folder}x.ts`, `${entry}y.ts`) : /^(?:shared|electron|renderer|e2e)\/.*\.ts$/.test(entry) ? relativeTo(`${folder}x.ts`, entry) : entry
      expect(complaints(`${folder}x.ts`, target)).toEqual([])
    }
  })

  it('every file belongs to a layer', () => {
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([])
  })

  it('nothing is listed that nobody imports', () => {
    const dead = layers.flatMap((layer) => layer.mayImport.filter((entry) => !imports.some(({ file, target }) => isShared(layer, file) && covers(entry, target))).map((entry) => `${layer.folder}: ${entry}`))
    expect(dead).toEqual([])
  })
})

/** One list of imports stands for all screens. */
function isShared({ folder }: Layer, file: string): boolean {
  return folder.startsWith('renderer/features/') ? file.startsWith('renderer/features/') : layerOf(file)?.folder === folder
}

function covers(entry: string, target: string): boolean {
  return target === entry || target.startsWith(entry.endsWith('/') || entry.endsWith(':') ? entry : `${entry}/`)
}
