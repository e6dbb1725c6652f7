import { readFileSync } from 'node:fs'

/** The version of this app, as its package says it. */
export const appVersion = (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version
