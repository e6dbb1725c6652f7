/** What can be told of an error without its class: KafkaJS throws its errors through layers that keep the name alone. */
export interface ErrorFacts {
  readonly error: Error
  readonly name: string
  readonly message: string
  /** A system's or TLS's code, such as ECONNREFUSED. */
  readonly code: string | undefined
  /** A name of the Kafka protocol, such as TOPIC_AUTHORIZATION_FAILED. */
  readonly type: string | undefined
  readonly broker: string | undefined
  readonly retriable: boolean | undefined
}

/** An error and everything it was caused by, outermost first: causes, and the members of aggregates. */
export function causes(thrown: unknown): ErrorFacts[] {
  const seen = new Set<Error>()
  const collect = (value: unknown): void => {
    if (!(value instanceof Error) || seen.has(value)) return
    seen.add(value)
    collect(value.cause)
    if ('errors' in value && Array.isArray(value.errors)) value.errors.forEach(collect)
  }
  collect(thrown)
  return [...seen].map(factsOf)
}

function factsOf(error: Error): ErrorFacts {
  const fields = error as { code?: unknown; type?: unknown; broker?: unknown; retriable?: unknown }
  return {
    error,
    name: error.name,
    message: error.message,
    code: text(fields.code),
    type: text(fields.type),
    broker: text(fields.broker),
    retriable: typeof fields.retriable === 'boolean' ? fields.retriable : undefined,
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
