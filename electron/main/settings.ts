import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { RecentWorkspace, Theme } from '../../shared/contract/shell.ts'
import { writePrivateFile } from './private-file.ts'

const Bounds = z.object({ x: z.number(), y: z.number(), width: z.number().min(400), height: z.number().min(300), maximized: z.boolean() })
export type Bounds = z.infer<typeof Bounds>

/** What the shell remembers between two starts. It holds no secret and nothing of a workspace but its path. */
export const Settings = z.object({
  theme: Theme.default('system').catch('system'),
  window: Bounds.optional().catch(undefined),
  recent: z.array(RecentWorkspace).default([]).catch([]),
})
export type Settings = z.infer<typeof Settings>

const mostRecent = 10

/** The settings in a file of the user's profile. A file that cannot be read, or that is broken, is as good as none. */
export class SettingsFile {
  private readonly path: string
  private current: Settings

  constructor(path: string) {
    this.path = path
    this.current = read(path)
  }

  get value(): Settings {
    return this.current
  }

  /** Changes parts and writes them down. @throws Error when the profile cannot be written */
  change(part: Partial<Settings>): void {
    this.current = { ...this.current, ...part }
    writePrivateFile(this.path, `${JSON.stringify(this.current, null, 2)}\n`)
  }

  /** Puts a workspace in front of the recent ones. */
  remember(path: string, now: number): void {
    this.change({ recent: [{ path, openedAt: now }, ...this.current.recent.filter((one) => one.path !== path)].slice(0, mostRecent) })
  }
}

function read(path: string): Settings {
  try {
    return Settings.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // the first start has no file, and a broken one is replaced at the next change
    return Settings.parse({})
  }
}

/** A window's place that lies on one of the displays that are there now; else the size alone is kept. */
export function visibleBounds(bounds: Bounds | undefined, displays: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[]): { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number } {
  if (bounds === undefined) return { width: 1400, height: 900 }
  const { x, y, width, height } = bounds
  // enough of the title bar must be in reach to drag it
  const isReachable = displays.some((display) => x + width > display.x + 80 && x < display.x + display.width - 80 && y >= display.y - 10 && y < display.y + display.height - 60)
  return isReachable ? { x, y, width, height } : { width, height }
}
