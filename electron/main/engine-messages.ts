/** What the shell and the process of the engine say to each other; all else goes over the window's own port. */
export type ToEngine = { readonly kind: 'open'; readonly workspace: string; readonly demo: boolean } | { readonly kind: 'port' } | { readonly kind: 'close' }
