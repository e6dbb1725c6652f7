import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { portPair, type Port } from '../../shared/contract/port.ts'
import { noSecrets, type Secrets } from '../engine/secrets.ts'
import { cipherWithKey } from './cipher.test-helper.ts'
import { connectSecrets, serveSecrets } from './secret-port.ts'
import { SecretVault } from './secret-vault.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Secrets as the engine has them, the shell's end of the port, and its own. */
function connected(secrets: Secrets): { readonly secrets: Secrets; readonly near: Port; readonly far: Port } {
  const [near, far] = portPair()
  serveSecrets(secrets, far)
  return { secrets: connectSecrets(near), near, far }
}

it('passes every question on, several at a time, each with its own answer', async () => {
  const { secrets } = connected(new SecretVault(join(folder, 'secrets.json'), cipherWithKey(1)))
  expect(await secrets.status()).toEqual({ available: true })
  await Promise.all(['a', 'b', 'c'].map((name) => secrets.set(name, `secret of ${name}`)))
  await secrets.remove('b')
  expect(await Promise.all(['c', 'a', 'b'].map((name) => secrets.get(name)))).toEqual(['secret of c', 'secret of a', undefined])
})

it('keeps the code and the sentence of a refusal, and nothing of the secret', async () => {
  const { secrets } = connected(noSecrets('there is no keyring.'))
  const refused = await secrets.set('name', 'hunter2').catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'SECRETS_UNAVAILABLE', message: 'Passwords cannot be remembered here: there is no keyring.' })
  expect(JSON.stringify(refused)).not.toContain('hunter2')
})

it('fails what was asked and what is asked when the shell is gone, instead of waiting for ever', async () => {
  const [near, far] = portPair()
  const secrets = connectSecrets(near)
  const waiting = secrets.get('name')
  far.close()
  await expect(waiting).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(secrets.status()).rejects.toMatchObject({ code: 'INTERNAL' })
})

it.each([undefined, 'status', { ask: 'status' }, { id: 1, ask: 'all' }, { id: -1, ask: 'status' }, { id: 1, ask: 'get', name: '' }, { id: 1, ask: 'get', name: 'x'.repeat(10_001) }, { id: 1, ask: 'set', name: 'a', value: 1 }])('closes the port on what is no question: %j', async (message) => {
  const [near, far] = portPair()
  serveSecrets(noSecrets('none.'), far)
  const closed = new Promise<boolean>((resolve) => near.onClose(() => resolve(true)))
  near.post(message)
  expect(await closed).toBe(true)
})
