import { Button, Group, Menu, Text } from '@mantine/core'
import { IconChevronDown, IconFolder, IconFolderOpen } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useHost } from '../api/context.tsx'
import { safeText } from '../ui/safe-text.ts'

const nameOf = (path: string): string => safeText(path.split(/[\\/]/).at(-1) ?? path, 40)

/** Which workspace this is, and, where the host can, another one. */
export function WorkspaceMenu({ path }: { readonly path: string | undefined }): ReactNode {
  const { workspaces } = useHost()
  const { data: recent } = useQuery({ queryKey: ['recent workspaces', path], enabled: workspaces !== undefined, queryFn: () => workspaces?.recent() ?? [] })
  const title = (
    <Group gap={8} wrap="nowrap">
      <img src={new URL('./icon.svg', import.meta.url).href} width={20} height={20} alt="" />
      <Text fw={650} size="sm">Undercurrent</Text>
    </Group>
  )
  if (workspaces === undefined) return title
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="xs" px={6} rightSection={<IconChevronDown size={14} />} aria-label="Workspaces">{title}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFolderOpen size={15} />} onClick={() => void workspaces.pick()}>Open a workspace folder…</Menu.Item>
        {(recent ?? []).length > 0 && <Menu.Label>Recent</Menu.Label>}
        {(recent ?? []).map((one) => (
          <Menu.Item key={one.path} leftSection={<IconFolder size={15} />} disabled={one.path === path} onClick={() => void workspaces.open(one.path)} title={one.path}>{nameOf(one.path)}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
