import { createHash, randomBytes } from 'node:crypto'

/** So many hexadecimal digits of a hash are kept: enough that two of a million values do not meet. */
const digits = 16

/**
 * A hash that nobody can compute who does not have its key, which is never written anywhere: H(key2 ‖ H(key1 ‖ text)) with
 * SHA-256, as DuckDB can compute it as well.
 */
export class KeyedHash {
  private readonly inner = randomBytes(32).toString('hex')
  private readonly outer = randomBytes(32).toString('hex')

  of(text: string): string {
    return sha256(this.outer + sha256(this.inner + text)).slice(0, digits)
  }

  /** The same as an expression of DuckDB over an expression that gives a text. */
  sql(text: string): string {
    return `left(sha256('${this.outer}' || sha256('${this.inner}' || (${text}))), ${digits})`
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
