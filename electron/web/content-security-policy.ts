/**
 * What a page of the renderer may load and do: its own files, WebAssembly, workers of its own, a connection to where it
 * came from, and nothing else. Libraries that write style sheets at run time are let through by a nonce.
 */
export function contentSecurityPolicy(nonce: string | undefined): string {
  return [
    "default-src 'none'",
    // without wasm-unsafe-eval DuckDB-Wasm waits for ever and says nothing
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}
