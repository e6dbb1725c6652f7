/**
 * What the shell says to the process of the engine; all else goes over ports. With `open` come the ports to the shell's
 * secrets and to its printing, with `port` a window's own. `again` opens what could not be opened before.
 */
export type ToEngine = { readonly kind: 'open'; readonly workspace: string; readonly demo: boolean } | { readonly kind: 'port' } | { readonly kind: 'again' } | { readonly kind: 'close' }
