/**
 * Who may import what. A file belongs to the first folder that its path begins with, may always import its own folder,
 * and beyond it only what is listed. Kept by the lint rule in eslint.config.js, tested in e2e/specs/import-rules.test.ts.
 */
export const layers = [
  // the language has one grammar for engine and editor
  { folder: 'shared/behavior/', mayImport: ['shared/', 'chevrotain', 'fastest-levenshtein'] },
  { folder: 'shared/why/', mayImport: ['shared/', 'simple-statistics'] },
  { folder: 'shared/', mayImport: ['zod'] },
  { folder: 'electron/engine/store/', mayImport: ['shared/', 'node:', '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', 'electron/engine/decode/record.ts', 'electron/engine/sources/record-batch.ts'] },
  { folder: 'electron/engine/sources/kafka/', mayImport: ['shared/', 'node:', 'kafkajs', 'fzstd', 'lz4js', 'snappyjs', 'electron/engine/decode/record.ts', 'electron/engine/sources/record-batch.ts', 'electron/engine/sources/source.ts'] },
  { folder: 'electron/engine/sources/', mayImport: ['shared/', 'node:', 'electron/engine/decode/record.ts'] },
  { folder: 'electron/engine/decode/', mayImport: ['shared/', 'node:', 'avsc', 'protobufjs', 'lossless-json', 'zod'] },
  { folder: 'electron/engine/mapping/', mayImport: ['shared/', 'node:'] },
  { folder: 'electron/engine/pipeline/', mayImport: ['shared/', 'node:', 'electron/engine/sources/', 'electron/engine/store/ingest.ts'] },
  { folder: 'electron/engine/why/', mayImport: ['shared/', 'node:', 'electron/engine/', 'date-holidays-parser'] },
  { folder: 'electron/engine/', mayImport: ['shared/', 'node:', 'zod'] },
  { folder: 'electron/ipc/', mayImport: ['shared/', 'node:', 'zod'] },
  { folder: 'electron/hosts/', mayImport: ['shared/', 'node:', 'electron/engine/', 'electron/ipc/', 'electron/web/', 'commander', 'cli-progress', 'apache-arrow', 'ws', '@msgpack/msgpack'] },
  { folder: 'electron/web/', mayImport: ['shared/', 'node:'] },
  { folder: 'electron/main/', mayImport: ['shared/', 'node:', 'electron', 'electron/engine/', 'electron/ipc/', 'electron/web/', 'zod'] },
  { folder: 'electron/preload/', mayImport: ['shared/', 'electron'] },
  { folder: 'renderer/api/', mayImport: ['shared/', 'react', '@tanstack/react-query', '@msgpack/msgpack', 'apache-arrow'] },
  { folder: 'renderer/ui/', mayImport: ['shared/', 'react', '@mantine/core', '@mantine/hooks', '@tabler/icons-react', '@tanstack/react-virtual', '@uiw/react-codemirror', 'lossless-json'] },
  { folder: 'renderer/charts/', mayImport: ['shared/', 'renderer/ui/', 'react', '@mantine/core', '@mantine/hooks', 'recharts', 'apache-arrow'] },
  { folder: 'renderer/analysis/', mayImport: ['shared/', 'renderer/api/', 'renderer/ui/', 'react', '@tanstack/react-query', '@duckdb/duckdb-wasm', 'apache-arrow', 'hyparquet-writer'] },
  { folder: 'renderer/view/', mayImport: ['shared/', 'renderer/api/', 'renderer/ui/', 'renderer/charts/', 'react', '@mantine/core', '@mantine/hooks', '@tabler/icons-react', '@tanstack/react-router', '@tanstack/react-query', '@tanstack/react-virtual', 'zod', 'apache-arrow'] },
  // one screen knows nothing of another
  ...['behaviors', 'connect', 'first-run', 'live', 'sequences', 'sql', 'timelines', 'why'].map((name) => ({
    folder: `renderer/features/${name}/`,
    mayImport: ['shared/', 'renderer/api/', 'renderer/ui/', 'renderer/charts/', 'renderer/view/', 'renderer/analysis/', 'react', '@mantine/core', '@mantine/hooks', '@mantine/notifications', '@tabler/icons-react', '@tanstack/react-router', '@tanstack/react-query', '@tanstack/react-virtual', '@uiw/react-codemirror', '@codemirror/lang-sql', '@codemirror/lang-json', 'recharts', 'apache-arrow', 'zod', '@codemirror/autocomplete', '@codemirror/lint'],
  })),
  { folder: 'renderer/', mayImport: ['shared/', 'react', 'react-dom', '@mantine/core', '@mantine/hooks', '@mantine/notifications', '@mantine/spotlight', '@tabler/icons-react', '@tanstack/react-router', '@tanstack/react-query'] },
  { folder: 'e2e/', mayImport: ['shared/', 'node:', 'electron/', 'vitest', 'fast-check', 'kafkajs', '@kafkajs/confluent-schema-registry', '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', 'avsc', 'zod', 'eslint', 'playwright', '@playwright/test', '@axe-core/playwright', 'ws', '@msgpack/msgpack'] },
]
