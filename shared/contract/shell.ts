import { z } from 'zod'

const none = z.object({})

/** How the window looks: as the system does, or as the user has chosen. */
export const Theme = z.enum(['system', 'light', 'dark'])
export type Theme = z.infer<typeof Theme>

/** What the shell tells a window about itself. */
export const ShellInfo = z.object({ version: z.string(), platform: z.string(), workspace: z.string().optional(), theme: Theme })
export type ShellInfo = z.infer<typeof ShellInfo>

/** A workspace that was open before. `openedAt` in epoch milliseconds. */
export const RecentWorkspace = z.object({ path: z.string(), openedAt: z.number() })
export type RecentWorkspace = z.infer<typeof RecentWorkspace>

/**
 * Every call of the desktop shell: what only a desktop can do. It is no part of the engine's contract: a window in a
 * browser does without it. Answers are results, since an error loses its code between processes.
 */
export const shellCalls = {
  'shell.info': { input: none, output: ShellInfo },
  /** Lets the user choose a file to import; nothing when the dialog was left. */
  'shell.pickFile': { input: none, output: z.object({ path: z.string().optional() }) },
  /** Lets the user choose a folder and opens it as the workspace of this window. */
  'shell.pickWorkspace': { input: none, output: z.object({ path: z.string().optional() }) },
  /** Opens a workspace that was open before; any other path must come from the user through the dialog. */
  'shell.openWorkspace': { input: z.object({ path: z.string() }), output: none },
  'shell.recentWorkspaces': { input: none, output: z.array(RecentWorkspace) },
  'shell.setTheme': { input: z.object({ theme: Theme }), output: none },
  /** A native notification; shown only while no window of the app is in front. */
  'shell.notify': { input: z.object({ title: z.string().max(200), body: z.string().max(1000) }), output: none },
} as const

export type ShellCallName = keyof typeof shellCalls
export type ShellCallInput<N extends ShellCallName> = z.input<(typeof shellCalls)[N]['input']>
export type ShellCallOutput<N extends ShellCallName> = z.output<(typeof shellCalls)[N]['output']>

/** What a menu item or a shortcut of the system asks the window to do. */
export const MenuCommand = z.enum(['palette', 'keys', 'import', 'connect', 'live', 'timelines', 'sequences', 'behaviors', 'discover', 'why', 'reports', 'sql'])
export type MenuCommand = z.infer<typeof MenuCommand>

/** Every message that the shell sends to a window without being asked. */
export const shellEvents = {
  'menu.command': z.object({ command: MenuCommand }),
  /** Another workspace is open in this window now: ask for a new port. */
  'workspace.changed': z.object({ path: z.string() }),
  /** A file was given to the app from outside, to be imported. */
  'file.given': z.object({ path: z.string() }),
  /** A view that somebody has shared was given to the app from outside: its link, or the text of its file. */
  'view.given': z.object({ text: z.string(), isFile: z.boolean() }),
} as const

export type ShellEventName = keyof typeof shellEvents
export type ShellEventValue<N extends ShellEventName> = z.output<(typeof shellEvents)[N]>

/**
 * What the preload script puts on `window.undercurrent`, and all that it ever does. `port` asks for a port to the engine,
 * which arrives as a `message` event on the window with `data.kind === 'undercurrent.port'` and one port, since a port
 * cannot cross the context bridge. `pathOf` is the path of a file that was dropped on the window.
 */
export interface ShellBridge {
  call(name: string, input: unknown): Promise<unknown>
  on(name: string, listener: (value: unknown) => void): () => void
  port(): void
  pathOf(file: unknown): string
}
