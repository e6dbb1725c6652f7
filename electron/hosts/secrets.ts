import { AppError } from '../../shared/errors.ts'

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Secrets that the command line takes from the environment: what stands on a command line, every user of the machine can read. */
export type SecretName =
  | 'UNDERCURRENT_PASSWORD'
  | 'UNDERCURRENT_TOKEN'
  | 'UNDERCURRENT_CLIENT_SECRET'
  | 'UNDERCURRENT_KEY_PASSPHRASE'
  | 'UNDERCURRENT_REGISTRY_PASSWORD'
  | 'UNDERCURRENT_REGISTRY_TOKEN'

/** A secret, where it is set to more than nothing. */
export function secretOf(environment: Environment, name: SecretName): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}

/** A secret that must be there. @throws AppError BAD_REQUEST where it is not */
export function neededSecret(environment: Environment, name: SecretName): string {
  const value = secretOf(environment, name)
  if (value === undefined) throw new AppError('BAD_REQUEST', `The secret is not set: ${name} is empty.`, { hint: 'Secrets are read from the environment or from --config, never from the command line.' })
  return value
}
