import { dirname, relative, resolve } from 'node:path'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { layers } from './import-rules.js'

const root = import.meta.dirname

/** Reports an import that the table in import-rules.js does not allow. */
const importRule = {
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
