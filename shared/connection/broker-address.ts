/** Where a broker listens. An IPv6 host stands without its brackets. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

/** Reads `host:port` or `[IPv6]:port`; undefined where it is neither or the port is none. */
export function parseBrokerAddress(text: string): BrokerAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:\s/[\]]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined
}

/** The inverse of {@link parseBrokerAddress}. */
export function formatBrokerAddress({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
