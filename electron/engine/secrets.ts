import { AppError } from '../../shared/errors.ts'

/** Whether secrets can be remembered here, and if not, why: a sentence for people. */
export type SecretsStatus = { readonly available: true } | { readonly available: false; readonly reason: string }

/** A place for secrets that outlives the engine. What it is given goes nowhere else: to no workspace, log or error. */
export interface Secrets {
  status(): Promise<SecretsStatus>
  /** The secret of that name; undefined when none is remembered, or when it cannot be read any more. */
  get(name: string): Promise<string | undefined>
  /** @throws AppError SECRETS_UNAVAILABLE */
  set(name: string, value: string): Promise<void>
  /** Forgets a secret, if there is one. */
  remove(name: string): Promise<void>
}

/** What a host has that can keep no secret. */
export function noSecrets(reason: string): Secrets {
  return {
    status: () => Promise.resolve({ available: false, reason }),
    get: () => Promise.resolve(undefined),
    set: () => Promise.reject(unavailable(reason)),
    remove: () => Promise.resolve(),
  }
}

/** The refusal to remember a secret. */
export function unavailable(reason: string): AppError {
  return new AppError('SECRETS_UNAVAILABLE', `Passwords cannot be remembered here: ${reason}`, { hint: 'Connect without remembering it, and enter it again the next time.' })
}
