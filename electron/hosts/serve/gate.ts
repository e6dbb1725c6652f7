import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const cookieName = 'undercurrent'

/**
 * Who may come in: a browser that was given a one-time link by whoever started the server. Other pages, other users of
 * the machine, and names that only pretend to be this machine (DNS rebinding) may not.
 */
export class Gate {
  private readonly port: number
  private readonly tokens = new Set<string>()
  private readonly sessions = new Set<string>()

  constructor(port: number) {
    this.port = port
  }

  /** A token that opens the gate once. */
  newToken(): string {
    const token = secret()
    this.tokens.add(token)
    return token
  }

  /** The cookie of a new session in exchange for a token; undefined for one that was never given or is used up. */
  exchange(token: string): string | undefined {
    const known = [...this.tokens].find((candidate) => equal(candidate, token))
    if (known === undefined) return undefined
    this.tokens.delete(known)
    const session = secret()
    this.sessions.add(session)
    return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Whether a request carries the cookie of a session. */
  knows(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
    const given = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
    return given !== undefined && [...this.sessions].some((session) => equal(session, given))
  }

  /** Whether a request means this server by its own name: a name that a page has pointed here does not. */
  isForThisHost({ headers }: IncomingMessage): boolean {
    return this.names().some((name) => headers.host === name)
  }

  /** Whether a request comes from a page of this server. */
  isFromThisOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin === `http://${headers.host ?? ''}` && this.names().some((name) => headers.origin === `http://${name}`)
  }

  private names(): readonly string[] {
    return [`127.0.0.1:${this.port}`, `localhost:${this.port}`]
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares in a time that does not tell how much of it was right. */
function equal(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}
