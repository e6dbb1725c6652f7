import { Option, type Command } from 'commander'
import { AppError } from '../../shared/errors.ts'
import type { Sasl } from '../../shared/model/connection.ts'
import { neededSecret, secretOf, type Environment } from './secrets.ts'

/** The options that say how to log in. */
export interface SaslOptions {
  readonly sasl?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer'
  readonly username?: string
  readonly tokenEndpoint?: string
  readonly clientId?: string
  readonly scope?: string
}

/** A connection that may still lack its secrets. */
interface Unfinished {
  readonly sasl: Sasl | undefined
  readonly registry: { readonly password?: string | undefined; readonly username?: string | undefined } | undefined
}

/** Adds the options of a login to a command. */
export function addSaslOptions(command: Command): Command {
  return command
    .addOption(new Option('--sasl <mechanism>', 'how to log in; the secret is read from UNDERCURRENT_PASSWORD, UNDERCURRENT_TOKEN or UNDERCURRENT_CLIENT_SECRET').choices(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer']))
    .option('--username <name>', 'user name for plain and scram')
    .option('--token-endpoint <url>', 'where oauthbearer gets its tokens; without it UNDERCURRENT_TOKEN is the token')
    .option('--client-id <id>', 'who asks for the token')
    .option('--scope <scope>', 'what the token is asked for')
}

/** The login that the options and the environment make together; undefined where they ask for none. @throws AppError BAD_REQUEST */
export function readSasl({ sasl, username, tokenEndpoint, clientId, scope }: SaslOptions, environment: Environment): Sasl | undefined {
  if (sasl === undefined) {
    if ([username, tokenEndpoint, clientId, scope].some((option) => option !== undefined)) throw new AppError('BAD_REQUEST', 'A login needs --sasl.', { hint: 'Say how to log in: --sasl plain, scram-sha-256, scram-sha-512 or oauthbearer.' })
    return undefined
  }
  if (sasl === 'oauthbearer') {
    if (tokenEndpoint === undefined) return { mechanism: 'oauthbearer', token: neededSecret(environment, 'UNDERCURRENT_TOKEN') }
    if (clientId === undefined) throw new AppError('BAD_REQUEST', '--token-endpoint needs --client-id.')
    return { mechanism: 'oauthbearer-client-credentials', tokenEndpoint, clientId, clientSecret: neededSecret(environment, 'UNDERCURRENT_CLIENT_SECRET'), ...(scope === undefined ? {} : { scope }) }
  }
  if (username === undefined) throw new AppError('BAD_REQUEST', `--sasl ${sasl} needs --username.`)
  return { mechanism: sasl, username, password: neededSecret(environment, 'UNDERCURRENT_PASSWORD') }
}

/** A connection whose snippet left its secrets open (as an empty text), with those that the environment has. @throws AppError BAD_REQUEST where one is nowhere */
export function withSecrets<T extends Unfinished>(connection: T, environment: Environment): T {
  const { sasl, registry } = connection
  return {
    ...connection,
    sasl: sasl === undefined ? undefined : finishSasl(sasl, environment),
    registry: registry?.password === '' ? { ...registry, password: secretOf(environment, 'UNDERCURRENT_REGISTRY_PASSWORD') ?? '' } : registry,
  }
}

function finishSasl(sasl: Sasl, environment: Environment): Sasl {
  switch (sasl.mechanism) {
    case 'oauthbearer':
      return sasl.token === '' ? { ...sasl, token: neededSecret(environment, 'UNDERCURRENT_TOKEN') } : sasl
    case 'oauthbearer-client-credentials':
      return sasl.clientSecret === '' ? { ...sasl, clientSecret: neededSecret(environment, 'UNDERCURRENT_CLIENT_SECRET') } : sasl
    default:
      return sasl.password === '' ? { ...sasl, password: neededSecret(environment, 'UNDERCURRENT_PASSWORD') } : sasl
  }
}
