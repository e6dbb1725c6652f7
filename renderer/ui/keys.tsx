import { useHotkeys } from '@mantine/hooks'
import { useEffect, useSyncExternalStore } from 'react'

/** One key of a screen: `keys` as Mantine writes hotkeys (`mod+K`, `shift+?`), `label` as the help shows it. */
export interface Key {
  readonly keys: string
  readonly label: string
  readonly run: () => void
}

interface Registered {
  readonly scope: string
  readonly keys: readonly Pick<Key, 'keys' | 'label'>[]
}

let registered: readonly Registered[] = []
const listeners = new Set<() => void>()

function change(next: readonly Registered[]): void {
  registered = next
  for (const listener of listeners) listener()
}

/** Keys that work while the component is there, outside of fields in which one types. They appear in the help. */
export function useKeys(scope: string, keys: readonly Key[]): void {
  useHotkeys(keys.map(({ keys: hotkey, run }) => [hotkey, run]))
  const names = JSON.stringify(keys.map(({ keys: hotkey, label }) => ({ keys: hotkey, label })))
  useEffect(() => {
    const entry: Registered = { scope, keys: JSON.parse(names) as Registered['keys'] }
    change([...registered, entry])
    return () => change(registered.filter((other) => other !== entry))
  }, [scope, names])
}

/** Every key that works now, by scope. */
export function useRegisteredKeys(): readonly Registered[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => registered,
  )
}
