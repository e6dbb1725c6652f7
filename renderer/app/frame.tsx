import { ActionIcon, AppShell, Group, NavLink, Stack, Text, Tooltip } from '@mantine/core'
import { Link, Outlet, useLocation, useMatchRoute, useNavigate } from '@tanstack/react-router'
import { IconCommand, IconHelp, IconShare2 } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useCall } from '../api/use-call.ts'
import { OpenDialog } from '../features/share/open-dialog.tsx'
import { ShareDialog } from '../features/share/share-dialog.tsx'
import { useOpenView } from '../features/share/use-open-view.ts'
import { useKeys } from '../ui/keys.tsx'
import { safeText } from '../ui/safe-text.ts'
import { FilterBar } from '../view/filter-bar.tsx'
import { useLiveRefresh } from '../view/use-live-refresh.ts'
import { View } from '../view/view.ts'
import { EngineBanner } from './engine-banner.tsx'
import { FileDrop } from './file-drop.tsx'
import { KeysHelp } from './keys-help.tsx'
import { Palette, openPalette } from './palette.tsx'
import { screens, sharedRoutes } from './screens.ts'
import { useMissedNotices } from './missed-notices.ts'
import { useRetentionNotices } from './retention-notices.ts'
import { useSourceNotices } from './source-notices.ts'
import { StatusBar } from './status-bar.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { useMenu } from './use-menu.ts'
import { WorkspaceMenu } from './workspace-menu.tsx'

/** What every screen lies in: navigation, the one filter bar, the status bar, the palette and the help. */
export function Frame(): ReactNode {
  const [helpOpen, setHelpOpen] = useState(false)
  const [dialog, setDialog] = useState<'share' | 'open' | undefined>(undefined)
  const navigate = useNavigate()
  const matches = useMatchRoute()
  const { dropFile, give } = useOpenView(sharedRoutes)
  const isShared = sharedRoutes.includes(useLocation().pathname)
  const { data: info } = useCall('workspace.info', {})
  useLiveRefresh()
  useSourceNotices()
  useMissedNotices()
  useRetentionNotices()
  useMenu({ onKeys: () => setHelpOpen(true), onView: give })
  const filterable = matches({ to: '/start' }) === false && matches({ to: '/connect' }) === false && matches({ to: '/reports' }) === false
  useKeys('Everywhere', [
    { keys: 'mod+K', label: 'Command palette', run: openPalette },
    { keys: 'shift+?', label: 'These keys', run: () => setHelpOpen(true) },
    ...screens.map(({ path, name, keys }) => ({ keys, label: `Go to ${name}`, run: () => void navigate({ to: path, search: (before: Record<string, unknown>) => View.parse(before) } as never) })),
  ])
  return (
    <FileDrop onView={dropFile}>
      <AppShell header={{ height: 46 }} footer={{ height: 26 }} navbar={{ width: 148, breakpoint: 0 }} padding={0} h="100%">
        <AppShell.Header>
          <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
              <WorkspaceMenu path={info?.path} />
              {filterable && <FilterBar />}
            </Group>
            <Group gap={4} wrap="nowrap">
              {isShared && <Tooltip label="Share this view"><ActionIcon variant="subtle" color="gray" onClick={() => setDialog('share')} aria-label="Share this view"><IconShare2 size={17} /></ActionIcon></Tooltip>}
              <Tooltip label="Command palette (Ctrl/Cmd + K)"><ActionIcon variant="subtle" color="gray" onClick={openPalette} aria-label="Command palette"><IconCommand size={17} /></ActionIcon></Tooltip>
              <Tooltip label="Keys (?)"><ActionIcon variant="subtle" color="gray" onClick={() => setHelpOpen(true)} aria-label="Keys"><IconHelp size={17} /></ActionIcon></Tooltip>
              <ThemeToggle />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p={6} aria-label="Screens">
          <Stack gap={2}>
            {screens.map(({ path, name, icon: Shape, about }) => (
              <Tooltip key={path} label={about} position="right">
                <NavLink component={Link} to={path} search={((before: Record<string, unknown>) => View.parse(before)) as never} label={name} leftSection={<Shape size={17} stroke={1.7} />} active={matches({ to: path }) !== false} py={6} />
              </Tooltip>
            ))}
          </Stack>
          <Text size="xs" c="dimmed" mt="auto" px={6} className="one-line">{info === undefined ? '' : safeText(info.path.split(/[\\/]/).at(-1) ?? '', 40)}</Text>
        </AppShell.Navbar>
        <AppShell.Main h="100%" style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
          <EngineBanner />
          <div className="fill"><Outlet /></div>
        </AppShell.Main>
        <AppShell.Footer><StatusBar /></AppShell.Footer>
      </AppShell>
      <Palette onShare={isShared ? () => setDialog('share') : undefined} onOpenView={() => setDialog('open')} />
      <ShareDialog opened={dialog === 'share'} onClose={() => setDialog(undefined)} />
      <OpenDialog opened={dialog === 'open'} onClose={() => setDialog(undefined)} routes={sharedRoutes} />
      <KeysHelp opened={helpOpen} onClose={() => setHelpOpen(false)} />
    </FileDrop>
  )
}
