import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useHost } from '../api/context.tsx'

const next = { auto: 'light', light: 'dark', dark: 'auto' } as const
const names = { auto: 'as the system', light: 'light', dark: 'dark' } as const
const icons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon } as const

/** Light, dark, or as the system is. */
export function ThemeToggle(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const host = useHost()
  const Shape = icons[colorScheme]
  const choose = (): void => {
    const chosen = next[colorScheme]
    setColorScheme(chosen)
    // the window's frame and menus follow
    void host.setTheme(chosen === 'auto' ? 'system' : chosen)
  }
  return (
    <Tooltip label={`Theme: ${names[colorScheme]}`}>
      <ActionIcon variant="subtle" color="gray" onClick={choose} aria-label={`Theme: ${names[colorScheme]}`}><Shape size={17} /></ActionIcon>
    </Tooltip>
  )
}
