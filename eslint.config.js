import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { importRule } from './import-rules.js'

const root = import.meta.dirname

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', '.cache/'] },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.cts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { house: { rules: { imports: importRule } } },
    languageOptions: { parserOptions: { project: ['./shared/tsconfig.json', './electron/tsconfig.json', './electron/preload/tsconfig.json', './renderer/tsconfig.json', './renderer/tsconfig.test.json', './e2e/tsconfig.json'], tsconfigRootDir: root } },
    rules: {
      'house/imports': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // what is destructured away on purpose has the name _
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_$', destructuredArrayIgnorePattern: '^_' }],
      // TypeScript believes that `signal.aborted` and fields that another loop sets stay as they were across an await
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['renderer/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat['recommended-latest']] },
  // a sandboxed preload script is CommonJS
  { files: ['**/*.cts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // these declare what foreign modules are, default exports included
  { files: ['**/*.d.ts'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['vitest.config.ts', 'vite.config.ts', 'playwright.config.ts'], rules: { 'no-restricted-exports': 'off', 'house/imports': 'off' } },
  { files: ['e2e/app/closing-reporter.ts'], rules: { 'no-restricted-exports': 'off' } },
)
