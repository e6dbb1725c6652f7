import { browserHost } from './browser-host.ts'
import { desktopHost } from './desktop-host.ts'
import type { Host } from './host.ts'

/** The host that this page runs in. */
export function detectHost(): Host {
  return window.undercurrent === undefined ? browserHost() : desktopHost(window.undercurrent)
}
