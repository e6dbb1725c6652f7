import { defineConfig } from 'vitest/config'
import { ClosingReporter } from './e2e/reporter.ts'

export default defineConfig({
  test: {
    include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'renderer/**/*.test.ts', 'e2e/**/*.test.ts'],
    reporters: ['default', new ClosingReporter()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // brokers and DuckDB share the machine: more at once only makes each of them wait
    maxWorkers: 2,
  },
})
