import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore, type ReactNode } from 'react'
import type { EventName, EventValue } from '../../shared/contract/events.ts'
import type { Engine, EngineState } from './engine.ts'
import type { Host } from './host.ts'

const ApiContext = createContext<{ readonly host: Host; readonly engine: Engine } | undefined>(undefined)

/** Gives all that lies in it the host and the engine. */
export function ApiProvider({ host, engine, children }: { readonly host: Host; readonly engine: Engine; readonly children: ReactNode }): ReactNode {
  return <ApiContext value={{ host, engine }}>{children}</ApiContext>
}

function useApi(): { readonly host: Host; readonly engine: Engine } {
  const api = useContext(ApiContext)
  if (api === undefined) throw new Error('outside of ApiProvider')
  return api
}

/** What surrounds the renderer. */
export function useHost(): Host {
  return useApi().host
}

/** The connection to the engine. */
export function useEngine(): Engine {
  return useApi().engine
}

/** How the window stands to its engine. */
export function useEngineState(): EngineState {
  const engine = useEngine()
  return useSyncExternalStore(engine.subscribe, engine.getState)
}

/** Calls `listener` for every such event of the engine while the component is there. */
export function useEngineEvent<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): void {
  const engine = useEngine()
  const latest = useEffectEvent(listener)
  useEffect(() => engine.on(name, (value) => latest(value)), [engine, name])
}
