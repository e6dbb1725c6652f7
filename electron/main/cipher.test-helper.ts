import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Cipher } from './secret-vault.ts'

/** Encrypts as a keyring would, with a key of the test's own: machines that run tests mostly have no keyring. */
export function cipherWithKey(seed: number): Cipher {
  const key = createHash('sha256').update(String(seed)).digest()
  return {
    status: () => ({ available: true }),
    encrypt: (text) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(Buffer.from(text, 'utf16le')), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    decrypt: (bytes) => {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf16le')
    },
  }
}

/** What a system without a keyring has. */
export function noCipher(reason: string): Cipher {
  const refuse = (): never => {
    throw new Error('encrypted without a key')
  }
  return { status: () => ({ available: false, reason }), encrypt: refuse, decrypt: refuse }
}
