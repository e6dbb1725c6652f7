import { connectClient, type Client } from '../../shared/contract/client.ts'
import type { EventName, EventValue } from '../../shared/contract/events.ts'
import { toFailure, type Failure } from '../../shared/errors.ts'
import type { Host } from './host.ts'

/** How the window stands to its engine. */
export type EngineState = { readonly status: 'connecting' | 'open' } | { readonly status: 'lost'; readonly failure: Failure; readonly nextAttempt: number }

/** How long to wait before the n-th attempt to reach an engine that is gone, in milliseconds. */
const pauses = [250, 500, 1000, 2000, 4000] as const

/**
 * The one connection of a window to its engine. It comes back by itself when the engine was away, and moves to another
 * engine when the host opens another workspace.
 */
export class Engine {
  private state: EngineState = { status: 'connecting' }
  private current: Client | undefined
  private readonly stateListeners = new Set<() => void>()
  private readonly subscriptions = new Set<(client: Client) => () => void>()
  private readonly unsubscribers = new Map<(client: Client) => () => void, () => void>()
  private generation = 0
  private readonly host: Host

  constructor(host: Host) {
    this.host = host
    host.onWorkspaceChanged(() => void this.connect())
  }

  /** Connects, and again whenever the connection ends. */
  async connect(): Promise<void> {
    const generation = ++this.generation
    this.current?.close()
    this.current = undefined
    this.set({ status: 'connecting' })
    for (let attempt = 0; generation === this.generation; attempt++) {
      try {
        const port = await this.host.connect()
        if (generation !== this.generation) { port.close(); return }
        let live = true
        // the client sets the port's one listener for its end, so it is told of the end through its own
        const client = connectClient({ ...port, post: (message) => port.post(message), onMessage: (listener) => port.onMessage(listener), close: () => port.close(), onClose: (listener) => port.onClose(() => {
          listener()
          if (live && generation === this.generation) void this.connect()
          live = false
        }) })
        this.current = client
        for (const subscribe of this.subscriptions) this.unsubscribers.set(subscribe, subscribe(client))
        this.set({ status: 'open' })
        return
      } catch (error) {
        const pause = pauses[Math.min(attempt, pauses.length - 1)] ?? 4000
        this.set({ status: 'lost', failure: toFailure(error), nextAttempt: Date.now() + pause })
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }

  /** The client of now. @throws Error while there is none */
  get client(): Client {
    if (this.current === undefined) throw new Error('The engine is not reached yet.')
    return this.current
  }

  /** Listens to an event of the engine, across reconnects, until the returned function is called. */
  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void {
    const subscribe = (client: Client): (() => void) => client.on(name, listener)
    this.subscriptions.add(subscribe)
    if (this.current !== undefined) this.unsubscribers.set(subscribe, subscribe(this.current))
    return () => {
      this.subscriptions.delete(subscribe)
      this.unsubscribers.get(subscribe)?.()
      this.unsubscribers.delete(subscribe)
    }
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener)
    return () => this.stateListeners.delete(listener)
  }

  readonly getState = (): EngineState => this.state

  private set(state: EngineState): void {
    this.state = state
    for (const listener of this.stateListeners) listener()
  }
}
