import { safeStorage } from 'electron'
import type { SecretsStatus } from '../engine/secrets.ts'
import type { Cipher } from './secret-vault.ts'

/** What is used of Electron's safeStorage: calls that every supported Electron has, which its newer asynchronous ones are not. */
interface Storage {
  isEncryptionAvailable(): boolean
  encryptString(text: string): Buffer
  decryptString(bytes: Buffer): string
}
const storage: Storage = safeStorage

/** Encrypts with the keychain of macOS, DPAPI of Windows, or the keyring of a Linux desktop. Use it when the app is ready. */
export const systemCipher: Cipher = {
  status: () => statusOf(process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : undefined, storage.isEncryptionAvailable()),
  encrypt: (text) => storage.encryptString(text),
  decrypt: (bytes) => storage.decryptString(bytes),
}

function statusOf(backend: string | undefined, isAvailable: boolean): SecretsStatus {
  // its key is a constant in Chromium's source, so whoever reads the file reads the passwords
  if (backend === 'basic_text') return { available: false, reason: 'this system has no keyring (GNOME Keyring or KWallet) that would keep them encrypted.' }
  if (!isAvailable) return { available: false, reason: 'the keyring of this system cannot be reached or is locked.' }
  return { available: true }
}
