import type { Port } from '../../shared/contract/port.ts'
import type { MenuCommand, RecentWorkspace, ShellInfo, Theme } from '../../shared/contract/shell.ts'

/**
 * What surrounds the renderer: Electron's window or a browser. This is the only thing that differs between the two, and
 * nothing but its two implementations knows which one it is.
 */
export interface Host {
  info(): Promise<ShellInfo>
  /** A new port to the engine. @throws Error when there is no engine to be reached */
  connect(): Promise<Port>
  /** Lets the user choose a file; its path where the engine can read it, or nothing when they chose none. */
  pickFile(): Promise<string | undefined>
  /** Where the engine can read a file that was dropped on the window; it may have to be brought there first. */
  pathOf(file: File): Promise<string>
  /** Present where one window may hold one workspace after another. */
  readonly workspaces: Workspaces | undefined
  setTheme(theme: Theme): Promise<void>
  /** Tells the user something while they look elsewhere. */
  notify(title: string, body: string): void
  onMenu(listener: (command: MenuCommand) => void): () => void
  onFileGiven(listener: (path: string) => void): () => void
  /** A shared view from outside of the window: its link, or the text of its file. */
  onViewGiven(listener: (given: { readonly text: string; readonly isFile: boolean }) => void): () => void
  onWorkspaceChanged(listener: () => void): () => void
}

/** Switching from one workspace to another. */
export interface Workspaces {
  recent(): Promise<readonly RecentWorkspace[]>
  pick(): Promise<void>
  open(path: string): Promise<void>
}
