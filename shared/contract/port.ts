/**
 * One end of a connection that carries structured-clone values: a MessagePort, a WebSocket, a socket, a pair in one
 * process. Messages arrive in order; none is lost while the port is open.
 */
export interface Port {
  post(message: unknown): void
  /** Sets the one listener for messages. */
  onMessage(listener: (message: unknown) => void): void
  /** Sets the one listener for the end of the connection, from whichever side. */
  onClose(listener: () => void): void
  close(): void
}

/** What this code needs of the platform's AbortSignal, which the layer without a platform cannot name. */
export interface Cancellation {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Two ports in one process, each the other's far end; messages are delivered in a later microtask, as over a wire. */
export function portPair(): readonly [Port, Port] {
  const ends = [new LocalPort(), new LocalPort()] as const
  ends[0].far = ends[1]
  ends[1].far = ends[0]
  return ends
}

class LocalPort implements Port {
  far: LocalPort | undefined
  private deliver: ((message: unknown) => void) | undefined
  private closed: (() => void) | undefined
  private isOpen = true

  post(message: unknown): void {
    const far = this.far
    if (this.isOpen && far !== undefined) void Promise.resolve().then(() => far.isOpen && far.deliver?.(message))
  }

  onMessage(listener: (message: unknown) => void): void {
    this.deliver = listener
  }

  onClose(listener: () => void): void {
    this.closed = listener
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.closed?.()
    this.far?.close()
  }
}
