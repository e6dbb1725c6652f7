import { dirname, relative, resolve } from 'node:path'

const root = import.meta.dirname

/**
 * Who may import what. A file belongs to the first folder that its path begins with, may always import its own folder,
 * and beyond it only what is listed. Kept by the rule below, tested in e2e/specs/import-rules.test.ts.
 */
export const layers = [
  // the language has one grammar for engine and editor
  { folder: 'shared/behavior/', mayImport: ['shared/', 'chevrotain', 'fastest-levenshtein'] },
  { folder: 'shared/why/', mayImport: ['shared/', 'simple-statistics'] },
  { folder: 'shared/', mayImport: ['zod'] },
  { folder: 'electron/engine/store/', mayImport: ['shared/', 'node:', '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', 'electron/engine/make-folder.ts', 'electron/engine/decode/record.ts', 'electron/engine/sources/record-batch.ts'] },
  { folder: 'electron/engine/sources/kafka/', mayImport: ['shared/', 'node:', 'kafkajs', 'fzstd', 'lz4js', 'snappyjs', 'electron/engine/decode/record.ts', 'electron/engine/sources/record-batch.ts', 'electron/engine/sources/source.ts'] },
  { folder: 'electron/engine/sources/', mayImport: ['shared/', 'node:', 'electron/engine/decode/record.ts'] },
  { folder: 'electron/engine/decode/', mayImport: ['shared/', 'node:', 'avsc', 'protobufjs', 'lossless-json', 'zod'] },
  { folder: 'electron/engine/mapping/', mayImport: ['shared/'] },
  { folder: 'electron/engine/pipeline/', mayImport: ['shared/', 'node:', 'electron/engine/sources/', 'electron/engine/store/ingest.ts'] },
  { folder: 'electron/engine/why/', mayImport: ['shared/', 'node:', 'electron/engine/', 'date-holidays-parser'] },
  { folder: 'electron/engine/', mayImport: ['shared/', 'node:', 'zod'] },
  { folder: 'electron/ipc/', mayImport: ['shared/', 'zod'] },
  { folder: 'electron/hosts/', mayImport: ['shared/', 'node:', 'electron/engine/', 'electron/ipc/', 'electron/web/', 'commander', 'cli-progress', 'apache-arrow', 'ws', '@msgpack/msgpack'] },
  { folder: 'electron/web/', mayImport: ['node:'] },
  { folder: 'electron/main/', mayImport: ['shared/', 'node:', 'electron', 'electron/engine/', 'electron/ipc/', 'electron/web/', 'zod'] },
  { folder: 'electron/preload/', mayImport: ['shared/', 'electron'] },
  { folder: 'renderer/api/', mayImport: ['shared/', 'react', '@tanstack/react-query', '@msgpack/msgpack', 'apache-arrow'] },
  { folder: 'renderer/ui/', mayImport: ['shared/', 'react', '@mantine/core', '@mantine/hooks', '@tabler/icons-react', '@tanstack/react-virtual', '@uiw/react-codemirror', 'lossless-json'] },
  { folder: 'renderer/charts/', mayImport: ['shared/model/type-colors.ts', 'renderer/ui/', 'react'] },
  { folder: 'renderer/analysis/', mayImport: ['shared/', 'renderer/api/', 'renderer/ui/', 'react', '@tanstack/react-query', '@duckdb/duckdb-wasm', 'apache-arrow', 'hyparquet-writer'] },
  { folder: 'renderer/view/', mayImport: ['shared/', 'renderer/api/', 'renderer/ui/', 'renderer/charts/', 'react', '@mantine/core', '@mantine/hooks', '@tabler/icons-react', '@tanstack/react-router', '@tanstack/react-query', 'zod'] },
  // one screen knows nothing of another
  ...['behaviors', 'connect', 'discover', 'first-run', 'live', 'reports', 'sequences', 'share', 'sql', 'timelines', 'why'].map((name) => ({
    folder: `renderer/features/${name}/`,
    mayImport: ['shared/', 'renderer/api/', 'renderer/ui/', 'renderer/charts/', 'renderer/view/', 'renderer/analysis/', 'react', '@mantine/core', '@mantine/hooks', '@mantine/notifications', '@tabler/icons-react', '@tanstack/react-router', '@tanstack/react-query', '@tanstack/react-virtual', '@uiw/react-codemirror', '@codemirror/lang-sql', 'recharts', 'apache-arrow', 'zod', '@codemirror/autocomplete', '@codemirror/lint'],
  })),
  { folder: 'renderer/', mayImport: ['shared/', 'react', 'react-dom', '@mantine/core', '@mantine/hooks', '@mantine/notifications', '@mantine/spotlight', '@tabler/icons-react', '@tanstack/react-router', '@tanstack/react-query'] },
  { folder: 'e2e/', mayImport: ['shared/', 'node:', 'electron/', 'vitest', 'fast-check', 'kafkajs', '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', '@playwright/test', '@axe-core/playwright'] },
]

/** Reports an import that the table in import-rules.js does not allow. */
export const importRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(root, context.filename).replaceAll('\\', '/')
    if (/\.test(-d|-helper)?\.tsx?$/.test(file)) return {}
    const layer = layers.find(({ folder }) => file.startsWith(folder))
    const check = (node) => {
      const wanted = node.source?.value
      if (typeof wanted !== 'string') return
      // a style sheet, a worker or a picture is a file, whatever Vite is asked to make of it
      const target = wanted.startsWith('.') ? relative(root, resolve(dirname(context.filename), wanted)).replaceAll('\\', '/') : wanted
      if (layer === undefined) return context.report({ node, message: `${file} is in no layer of import-rules.js` })
      const allowed = target.startsWith(layer.folder) || layer.mayImport.some((entry) => target === entry || target.startsWith(entry.endsWith('/') || entry.endsWith(':') ? entry : `${entry}/`))
      if (!allowed) context.report({ node, message: `${layer.folder} may not import ${target} (see import-rules.js)` })
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check }
  },
}
