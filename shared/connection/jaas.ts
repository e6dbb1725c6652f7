/** A login module with its options, as `sasl.jaas.config` names it. */
export interface Jaas {
  /** The class without its package, such as `PlainLoginModule`. */
  readonly module: string
  readonly options: ReadonlyMap<string, string>
}

/**
 * Reads a JAAS login configuration of one module: `CLASS FLAG key="value" key=value;`. Quoted values take backslash
 * escapes.
 *
 * @see javax.security.auth.login.Configuration
 */
export function parseJaas(text: string): Jaas | undefined {
  const match = /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\b(.*)$/is.exec(text)
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  const options = new Map<string, string>()
  for (const [, key = '', double, single, bare] of match[2].matchAll(/(?<![\w.$-])([\w.$-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s;"']+))/gs)) {
    options.set(key, (double ?? single)?.replace(/\\(.)/gs, '$1') ?? bare ?? '')
  }
  return { module: match[1].slice(match[1].lastIndexOf('.') + 1), options }
}
