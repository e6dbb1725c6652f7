import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** What the gate looks at. */
interface Request {
  readonly headers: IncomingHttpHeaders
}

/**
 * Who may come in: a browser that was given a one-time link by whoever started the server. Other pages, other users of
 * the machine, and names that only pretend to be this machine (DNS rebinding) may not.
 */
export class Gate {
  private readonly hosts: readonly string[]
  private readonly cookieName: string
  private readonly tokens = new Set<string>()
  private readonly sessions = new Set<string>()

  /** @param port where the server listens */
  constructor(port: number) {
    // browsers leave out the port that http has by itself
    this.hosts = ['127.0.0.1', 'localhost'].map((name) => (port === 80 ? name : `${name}:${port}`))
    // a cookie belongs to a host with all its ports: without its own name, a second server would take the place of the first
    this.cookieName = `undercurrent-${port}`
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
    return `${this.cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Whether a request carries the cookie of a session. */
  knows({ headers }: Request): boolean {
    const start = `${this.cookieName}=`
    const given = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim()).filter((cookie) => cookie.startsWith(start))
    return given.some((cookie) => [...this.sessions].some((session) => equal(session, cookie.slice(start.length))))
  }

  /** Whether a request means this server by its own name: a name that a page has pointed here does not. */
  isForThisHost({ headers }: Request): boolean {
    return headers.host !== undefined && this.hosts.includes(headers.host)
  }

  /** Whether a request comes from a page of this server, by the very name under which it is asked. */
  isFromThisOrigin(request: Request): boolean {
    return this.isForThisHost(request) && request.headers.origin === `http://${request.headers.host ?? ''}`
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
