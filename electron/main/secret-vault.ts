import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { unavailable, type Secrets, type SecretsStatus } from '../engine/secrets.ts'
import { writePrivateFile } from './private-file.ts'

/** Encrypts with a key that the system keeps for this user. */
export interface Cipher {
  status(): SecretsStatus
  encrypt(text: string): Buffer
  /** @throws Error when the key is another one by now */
  decrypt(bytes: Buffer): string
}

/** Encrypted values in base64 by their names. */
const Entries = z.record(z.string(), z.base64())

/** Secrets in a file of the user's profile, each encrypted. Where the system offers no key, nothing is written. */
export class SecretVault implements Secrets {
  private readonly path: string
  private readonly cipher: Cipher

  constructor(path: string, cipher: Cipher) {
    this.path = path
    this.cipher = cipher
  }

  status(): Promise<SecretsStatus> {
    return attempt(() => this.cipher.status())
  }

  get(name: string): Promise<string | undefined> {
    return attempt(() => {
      const encrypted = this.read().get(name)
      if (encrypted === undefined || !this.cipher.status().available) return undefined
      return this.decrypt(Buffer.from(encrypted, 'base64'))
    })
  }

  set(name: string, value: string): Promise<void> {
    return attempt(() => {
      const status = this.cipher.status()
      if (!status.available) throw unavailable(status.reason)
      this.write(this.read().set(name, this.cipher.encrypt(value).toString('base64')))
    })
  }

  remove(name: string): Promise<void> {
    return attempt(() => {
      const entries = this.read()
      if (entries.delete(name)) this.write(entries)
    })
  }

  private decrypt(bytes: Buffer): string | undefined {
    try {
      return this.cipher.decrypt(bytes)
    } catch {
      // the keyring was reset, or the profile comes from another machine: it is as good as forgotten
      return undefined
    }
  }

  private read(): Map<string, string> {
    try {
      return new Map(Object.entries(Entries.parse(JSON.parse(readFileSync(this.path, 'utf8')))))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
      throw new AppError('INTERNAL', `The remembered passwords cannot be read from ${this.path}.`, { hint: 'Delete this file to begin anew; the passwords are then asked for again.', cause: error })
    }
  }

  private write(entries: ReadonlyMap<string, string>): void {
    writePrivateFile(this.path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`)
  }
}

/** The outcome of work that is done at once, so that no two changes of the file meet. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()))
}
