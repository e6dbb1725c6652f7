import type { StoredConnection } from '../../model/connection.ts'
import { comment, flink } from './dialect.ts'
import type { CompileSource } from './fields.ts'
import type { FlinkRead } from './flink-read.ts'
import { minusInterval } from './interval.ts'

const { identifier, literal } = flink

/** A table of Kafka records whose time attribute `ts` lies `micros` behind the time of each event. */
export function recordTable(name: string, read: FlinkRead, micros: number, connector: readonly string[]): string {
  const { source } = read
  const time = micros === 0 ? read.time() : `${read.time()} + ${micros}`
  return `CREATE TABLE ${identifier(name)} (
  \`payload\` STRING,
  \`record_key\` STRING,
  \`headers\` MAP<STRING, BYTES> METADATA VIRTUAL,
  \`partition\` INT METADATA VIRTUAL,
  \`offset\` BIGINT METADATA VIRTUAL,
  \`broker_time\` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  -- a record without a time has the least one here, and is left out below
  \`ts\` AS TO_TIMESTAMP_LTZ(COALESCE(${time}, 0) / 1000, 3),
  WATERMARK FOR \`ts\` AS \`ts\` ${minusInterval(source.latenessMs)}
) WITH (
${connector.join('\n')}
)`
}

/** The options of the Kafka connector for reading a source; comments stand for what this text must not hold. */
export function kafkaSource(source: CompileSource, group: string): readonly string[] {
  return options([
    ['connector', 'kafka'],
    ['topic', source.topic],
    ...connectionOptions(source.connection),
    ['properties.group.id', group],
    ['scan.startup.mode', 'earliest-offset'],
    ['key.format', 'raw'],
    ['key.fields', 'record_key'],
    ['value.format', 'raw'],
    ['value.fields-include', 'EXCEPT_KEY'],
  ])
}

/** The options of the Kafka connector for writing JSON to a topic. */
export function kafkaSink(topic: string, connection: StoredConnection | undefined): readonly string[] {
  return options([['connector', 'kafka'], ['topic', topic], ...connectionOptions(connection), ['value.format', 'json']])
}

/** An option, and a comment above it. */
type Option = readonly [name: string, value: string, note?: string]

function options(all: readonly Option[]): readonly string[] {
  return all.flatMap(([name, value, note], index) => [...(note === undefined ? [] : [`  ${comment(note)}`]), `  ${literal(name)} = ${literal(value)}${index === all.length - 1 ? '' : ','}`])
}

function connectionOptions(connection: StoredConnection | undefined): readonly Option[] {
  if (connection === undefined) return [['properties.bootstrap.servers', '<host:port>', 'This source is not read from Kafka: say where its topic is.']]
  const { tls, sasl } = connection
  const protocol = sasl === undefined ? (tls === undefined ? undefined : 'SSL') : tls === undefined ? 'SASL_PLAINTEXT' : 'SASL_SSL'
  return [
    ['properties.bootstrap.servers', connection.brokers.join(',')],
    ...(protocol === undefined ? [] : [['properties.security.protocol', protocol] as const]),
    ...(sasl === undefined ? [] : saslOptions(sasl)),
    ...(tls?.ca === undefined ? [] : [['properties.ssl.truststore.type', 'PEM'] as const, ['properties.ssl.truststore.certificates', tls.ca] as const]),
    ...(tls?.cert === undefined ? [] : [['properties.ssl.keystore.type', 'PEM'] as const, ['properties.ssl.keystore.certificate.chain', tls.cert] as const, ['properties.ssl.keystore.key', '<private key>', 'The private key is a secret: put it in where this runs.'] as const]),
    ...(tls?.insecure === true ? [['properties.ssl.endpoint.identification.algorithm', '', 'Undercurrent was told to accept any certificate. Flink checks it against its authorities; only the name is not compared.'] as const] : []),
  ]
}

function saslOptions(sasl: NonNullable<StoredConnection['sasl']>): readonly Option[] {
  const quoted = (text: string | undefined, placeholder: string): string => `"${(text ?? placeholder).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const secret = 'The password is a secret: put it in where this runs.'
  const mechanism = sasl.mechanism.startsWith('oauthbearer') ? 'OAUTHBEARER' : sasl.mechanism.toUpperCase()
  const login = (name: string): string => `org.apache.kafka.common.security.${name} required`
  if (mechanism === 'OAUTHBEARER') {
    const { tokenEndpoint, clientId, scope } = sasl
    return [
      ['properties.sasl.mechanism', mechanism],
      ['properties.sasl.login.callback.handler.class', 'org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler'],
      ['properties.sasl.oauthbearer.token.endpoint.url', tokenEndpoint ?? '<token endpoint>'],
      ['properties.sasl.jaas.config', `${login('oauthbearer.OAuthBearerLoginModule')} clientId=${quoted(clientId, '<client id>')} clientSecret="<client secret>"${scope === undefined ? '' : ` scope=${quoted(scope, '')}`};`, secret],
    ]
  }
  const module = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  return [
    ['properties.sasl.mechanism', mechanism],
    ['properties.sasl.jaas.config', `${login(module)} username=${quoted(sasl.username, '<user>')} password="<password>";`, secret],
  ]
}
