import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../shared/contract/shell.ts'

/** What menu items do. */
export interface MenuActions {
  readonly command: (command: MenuCommand) => void
  readonly openWorkspace: () => void
  readonly openRecent: (path: string) => void
}

/** Sets the application menu, after the customs of the platform. */
export function setMenu(recent: readonly string[], { command, openWorkspace, openRecent }: MenuActions): void {
  const isMac = process.platform === 'darwin'
  const to = (label: string, name: MenuCommand, accelerator: string): MenuItemConstructorOptions => ({ label, accelerator, click: () => command(name) })
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open workspace…', accelerator: 'CmdOrCtrl+O', click: openWorkspace },
        { label: 'Open recent', submenu: recent.length === 0 ? [{ label: 'None yet', enabled: false }] : recent.map((path) => ({ label: isMac ? path : path.replaceAll('&', '&&'), click: () => openRecent(path) })) },
        { type: 'separator' },
        to('Import file…', 'import', 'CmdOrCtrl+I'),
        to('Connect…', 'connect', 'CmdOrCtrl+N'),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [to('Command palette', 'palette', 'CmdOrCtrl+K'), to('Live', 'live', 'CmdOrCtrl+1'), to('Timelines', 'timelines', 'CmdOrCtrl+2'), to('Sequences', 'sequences', 'CmdOrCtrl+3'), to('Behaviors', 'behaviors', 'CmdOrCtrl+4'), to('Discover', 'discover', 'CmdOrCtrl+5'), to('Why', 'why', 'CmdOrCtrl+6'), to('Reports', 'reports', 'CmdOrCtrl+7'), to('SQL', 'sql', 'CmdOrCtrl+8'), { type: 'separator' }, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [to('Keys', 'keys', 'CmdOrCtrl+/')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
