/**
 * Who may import what. A file belongs to the first folder that its path begins with, may always import its own folder,
 * and beyond it only what is listed. Kept by the lint rule in eslint.config.js, tested in e2e/specs/import-rules.test.ts.
 */
export const layers = [
  { folder: 'shared/', mayImport: ['zod'] },
  { folder: 'electron/engine/store/', mayImport: ['shared/', 'node:', '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', 'electron/engine/decode/record.ts', 'electron/engine/sources/record-batch.ts'] },
  { folder: 'electron/engine/sources/kafka/', mayImport: ['shared/', 'node:', 'kafkajs', 'fzstd', 'lz4js', 'snappyjs', 'electron/engine/decode/record.ts', 'electron/engine/sources/record-batch.ts', 'electron/engine/sources/source.ts'] },
  { folder: 'electron/engine/sources/', mayImport: ['shared/', 'node:', 'electron/engine/decode/record.ts'] },
  { folder: 'electron/engine/decode/', mayImport: ['shared/', 'node:', 'avsc', 'protobufjs', 'lossless-json', 'zod'] },
  { folder: 'electron/engine/mapping/', mayImport: ['shared/', 'node:'] },
  { folder: 'electron/engine/pipeline/', mayImport: ['shared/', 'node:', 'electron/engine/sources/', 'electron/engine/store/ingest.ts'] },
  { folder: 'electron/engine/', mayImport: ['shared/', 'node:', 'zod'] },
  { folder: 'electron/ipc/', mayImport: ['shared/', 'node:', 'zod'] },
  { folder: 'electron/hosts/', mayImport: ['shared/', 'node:', 'electron/engine/', 'electron/ipc/', 'commander', 'cli-progress', 'apache-arrow'] },
  { folder: 'e2e/', mayImport: ['shared/', 'node:', 'electron/', 'vitest', 'fast-check', 'kafkajs', '@kafkajs/confluent-schema-registry', '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', 'avsc', 'zod', 'eslint'] },
]
