import type { Command } from 'commander'
import { AppError } from '../../shared/errors.ts'
import { Registry } from '../../shared/model/connection.ts'
import { secretOf, type Environment } from './secrets.ts'

/** The options that say where schemas are. */
export interface RegistryOptions {
  readonly registry?: string
  readonly registryUsername?: string
}

/** Adds the options of a schema registry to a command. */
export function addRegistryOptions(command: Command): Command {
  return command
    .option('--registry <url>', 'schema registry; its secret is read from UNDERCURRENT_REGISTRY_PASSWORD or UNDERCURRENT_REGISTRY_TOKEN')
    .option('--registry-username <name>', 'user name for the registry')
}

/**
 * The registry that the options and the environment name; undefined where they name none.
 *
 * @throws AppError BAD_REQUEST where the URL is none or holds a secret
 */
export function readRegistry({ registry: url, registryUsername: username }: RegistryOptions, environment: Environment): Registry | undefined {
  if (url === undefined) {
    if (username !== undefined) throw new AppError('BAD_REQUEST', '--registry-username needs --registry.')
    return undefined
  }
  // the URL is not repeated: it may hold the secret
  if (/^[^:]+:\/\/[^/?#]*@/.test(url)) throw new AppError('BAD_REQUEST', '--registry holds a user or a password.', { hint: 'Every user of this machine can read a command line. Use --registry-username and UNDERCURRENT_REGISTRY_PASSWORD.' })
  if (!Registry.shape.url.safeParse(url).success) throw new AppError('BAD_REQUEST', '--registry is not a URL.', { hint: 'For example --registry https://registry.example:8081.' })
  const password = secretOf(environment, 'UNDERCURRENT_REGISTRY_PASSWORD')
  const token = secretOf(environment, 'UNDERCURRENT_REGISTRY_TOKEN')
  return { url, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }), ...(token === undefined ? {} : { token }) }
}
