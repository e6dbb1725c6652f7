import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { IconFileImport, IconFolderOpen, IconMoon, IconSearch, IconShare2, IconSun, IconUser, IconWindow } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useHost } from '../api/context.tsx'
import { useCall } from '../api/use-call.ts'
import { formatCount } from '../ui/format.ts'
import { safeText } from '../ui/safe-text.ts'
import { View } from '../view/view.ts'
import { screens } from './screens.ts'

/** Opens the command palette. */
export const openPalette = (): void => spotlight.open()

const keepView = (before: Record<string, unknown>): View => View.parse(before)

/** Everything one can do or look at, a few letters away; what is typed also finds users. */
export function Palette({ onShare, onOpenView }: { readonly onShare: (() => void) | undefined; readonly onOpenView: () => void }): ReactNode {
  const navigate = useNavigate()
  const host = useHost()
  const { setColorScheme } = useMantineColorScheme()
  const [query, setQuery] = useState('')
  const [settled] = useDebouncedValue(query.trim(), 150)
  const { data: found } = useCall('users.list', { text: settled, sort: 'activity', descending: true, limit: 6, offset: 0 }, { enabled: settled !== '' })

  const importFile = async (): Promise<void> => {
    const path = await host.pickFile()
    if (path !== undefined) await navigate({ to: '/connect', search: { file: path } as never })
  }
  const commands: SpotlightActionData[] = [
    ...screens.map(({ path, name, about, icon: Shape }) => ({ id: path, label: `Go to ${name}`, description: about, leftSection: <Shape size={17} />, onClick: () => void navigate({ to: path, search: keepView as never }) })),
    { id: 'import', label: 'Import a file', description: 'CSV, NDJSON or Parquet', leftSection: <IconFileImport size={17} />, onClick: () => void importFile() },
    { id: 'start', label: 'Three doors', description: 'Demo shop, file, or Kafka', leftSection: <IconSearch size={17} />, onClick: () => void navigate({ to: '/start' }) },
    ...(onShare === undefined ? [] : [{ id: 'share', label: 'Share this view', description: 'A link or a small file for a colleague', leftSection: <IconShare2 size={17} />, onClick: onShare }]),
    { id: 'open view', label: 'Open a view…', description: 'A link or a file that a colleague has shared', leftSection: <IconWindow size={17} />, onClick: onOpenView },
    { id: 'light', label: 'Light theme', leftSection: <IconSun size={17} />, onClick: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark theme', leftSection: <IconMoon size={17} />, onClick: () => setColorScheme('dark') },
    ...(host.workspaces === undefined ? [] : [{ id: 'workspace', label: 'Open a workspace folder', leftSection: <IconFolderOpen size={17} />, onClick: () => void host.workspaces?.pick() }]),
  ]
  const users: SpotlightActionData[] = (settled === '' ? [] : (found?.users ?? [])).map(({ key, events }) => ({
    id: `user ${key}`,
    label: safeText(key, 80),
    description: `${formatCount(events)} events`,
    leftSection: <IconUser size={17} />,
    // the palette filters by label, and what the engine has found is to be shown whatever its label says
    keywords: query,
    onClick: () => void navigate({ to: '/timelines', search: ((before: Record<string, unknown>) => ({ ...keepView(before), user: key })) as never }),
  }))
  return <Spotlight actions={[{ group: 'Commands', actions: commands }, { group: 'Users', actions: users }]} query={query} onQueryChange={setQuery} shortcut={null} attributes={{ content: { 'aria-label': 'Command palette' } }} nothingFound="Nothing has this name." highlightQuery scrollable maxHeight={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Commands and users' } }} searchProps={{ placeholder: 'Where to, or which user?', leftSection: <IconSearch size={17} />, 'aria-label': 'Command or user' }} />
}
