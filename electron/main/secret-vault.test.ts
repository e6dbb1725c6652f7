import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SecretVault } from './secret-vault.ts'
import { cipherWithKey, noCipher } from './cipher.test-helper.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-vault-'))
  path = join(folder, 'secrets.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a vault', () => {
  it('remembers across starts what it is given, and forgets what it is told to', async () => {
    await new SecretVault(path, cipherWithKey(1)).set('kafka ann@broker:9092', 'hunter2')
    const vault = new SecretVault(path, cipherWithKey(1))
    expect(await vault.get('kafka ann@broker:9092')).toBe('hunter2')
    expect(await vault.get('kafka bob@broker:9092')).toBeUndefined()
    await vault.remove('kafka bob@broker:9092')
    await vault.remove('kafka ann@broker:9092')
    expect(await vault.get('kafka ann@broker:9092')).toBeUndefined()
    expect(readFileSync(path, 'utf8')).not.toContain('ann')
  })

  it('gives back exactly what it was given, whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.tuple(fc.string().map((user) => `kafka ${user}`), fc.string({ unit: 'binary' })), { selector: ([name]) => name, maxLength: 6 }), async (entries) => {
        rmSync(path, { force: true })
        const vault = new SecretVault(path, cipherWithKey(1))
        // at once, as several sources that start together do
        await Promise.all(entries.map(([name, value]) => vault.set(name, value)))
        expect(await Promise.all(entries.map(([name]) => vault.get(name)))).toEqual(entries.map(([, value]) => value))
      }),
      { numRuns: 40 },
    )
  })

  it('writes no secret in the clear, into a file for this user alone', async () => {
    await new SecretVault(path, cipherWithKey(1)).set('name', 'hunter2')
    const text = readFileSync(path, 'utf8')
    expect([text.includes('hunter2'), text.includes(Buffer.from('hunter2').toString('base64'))]).toEqual([false, false])
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('takes what another key has encrypted for forgotten, and writes it anew', async () => {
    await new SecretVault(path, cipherWithKey(1)).set('name', 'hunter2')
    const vault = new SecretVault(path, cipherWithKey(2))
    expect(await vault.get('name')).toBeUndefined()
    await vault.set('name', 'hunter3')
    expect(await vault.get('name')).toBe('hunter3')
  })

  it('says what to do about a file that is broken, and quotes nothing of it', async () => {
    writeFileSync(path, '{"name": "hunter2')
    const failed = await new SecretVault(path, cipherWithKey(1)).get('name').catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'INTERNAL', message: expect.stringContaining(path) as string, hint: expect.stringContaining('Delete this file') as string })
    expect(String(failed)).not.toContain('hunter2')
  })
})

describe('a vault without a key of the system', () => {
  it('remembers nothing and says why', async () => {
    const vault = new SecretVault(path, noCipher('there is no keyring.'))
    expect(await vault.status()).toEqual({ available: false, reason: 'there is no keyring.' })
    await expect(vault.set('name', 'hunter2')).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE', message: 'Passwords cannot be remembered here: there is no keyring.' })
    expect(() => statSync(path)).toThrow('ENOENT')
  })

  it('gives nothing of what was remembered before, and can still forget it', async () => {
    await new SecretVault(path, cipherWithKey(1)).set('name', 'hunter2')
    const vault = new SecretVault(path, noCipher('it is locked.'))
    expect(await vault.get('name')).toBeUndefined()
    await vault.remove('name')
    expect(await new SecretVault(path, cipherWithKey(1)).get('name')).toBeUndefined()
  })
})
