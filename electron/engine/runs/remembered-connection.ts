import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Registry, Sasl, Tls, withoutSecrets, type Connection, type StoredConnection } from '../../../shared/model/connection.ts'
import { unavailable, type Secrets } from '../secrets.ts'

/** What of a connection is not in the workspace: all that {@link withoutSecrets} takes out, in whole parts. */
const Remembered = z.object({ sasl: Sasl.optional(), tls: Tls.pick({ key: true, passphrase: true }).optional(), registry: Registry.optional() })

/** Keeps the secrets of connections, so that a source can be tailed again without asking for them. */
export class RememberedConnections {
  private readonly secrets: Secrets

  constructor(secrets: Secrets) {
    this.secrets = secrets
  }

  /** @throws AppError SECRETS_UNAVAILABLE when nothing can be remembered here */
  async ensureAvailable(): Promise<void> {
    const status = await this.secrets.status()
    if (!status.available) throw unavailable(status.reason)
  }

  async remember(connection: Connection): Promise<void> {
    await this.secrets.set(nameOf(connection), JSON.stringify(Remembered.parse(connection)))
  }

  async forget(connection: Connection): Promise<void> {
    await this.secrets.remove(nameOf(connection))
  }

  /**
   * A source's connection as it was, with its secrets.
   *
   * @throws AppError SECRET_MISSING when it needs one that is not remembered
   */
  async restore(stored: StoredConnection): Promise<Connection> {
    const { sasl, tls, registry } = parse(await this.secrets.get(nameOf(stored)))
    const { brokers } = stored
    if (stored.sasl !== undefined && sasl?.mechanism !== stored.sasl.mechanism) throw missing(`The password for ${brokers.join(', ')}`)
    if (stored.tls?.cert !== undefined && tls?.key === undefined) throw missing(`The private key for ${brokers.join(', ')}`)
    // one user of one cluster may have gone from one registry to another
    const isSameRegistry = registry !== undefined && isDeepStrictEqual(withoutSecrets({ brokers, registry }).registry, stored.registry)
    if (stored.registry?.username !== undefined && !isSameRegistry) throw missing(`The password for ${stored.registry.url}`)
    return {
      brokers,
      ...(stored.tls === undefined ? {} : { tls: { ...stored.tls, ...tls } }),
      ...(stored.sasl === undefined || sasl === undefined ? {} : { sasl }),
      ...(stored.registry === undefined ? {} : { registry: isSameRegistry ? registry : stored.registry }),
    }
  }
}

function missing(what: string): AppError {
  return new AppError('SECRET_MISSING', `${what} is not remembered.`, { hint: 'Enter it under Connect; the source goes on where it left off.' })
}

/** A cluster and who reads it. The same for a connection and for what is stored of it. */
function nameOf({ brokers, sasl }: Connection | StoredConnection): string {
  const user = sasl === undefined ? undefined : 'username' in sasl ? sasl.username : 'clientId' in sasl ? sasl.clientId : undefined
  return `kafka ${user ?? ''}@${[...brokers].sort().join(',')}`
}

function parse(text: string | undefined): z.infer<typeof Remembered> {
  if (text === undefined) return {}
  try {
    return Remembered.parse(JSON.parse(text))
  } catch {
    // another version wrote it in another shape: it is asked for again. The error would quote the secret
    return {}
  }
}
