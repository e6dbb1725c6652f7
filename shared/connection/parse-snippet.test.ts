import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Connection } from '../model/connection.ts'
import { parseSnippet, type ParsedSnippet } from './parse-snippet.ts'

const certificate = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\nBBBB\n-----END CERTIFICATE-----\n`
const privateKey = certificate.replaceAll('CERTIFICATE', 'PRIVATE KEY')

function parse(text: string): ParsedSnippet {
  const result = parseSnippet(text)
  if (!result.ok) throw new Error(result.error.message)
  expect(Connection.partial().safeParse(result.value.connection).error).toBeUndefined()
  return result.value
}

describe('a Java client.properties', () => {
  it('gives brokers, TLS and a PLAIN login', () => {
    const { connection, notes } = parse(String.raw`
      # from the platform team
      bootstrap.servers=a.example.com:9092, b.example.com:9093
      security.protocol=SASL_SSL
      sasl.mechanism=PLAIN
      sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
          username="alice" \
          password="it's = \"quoted\";";
    `)
    // the properties format takes one layer of backslashes off before JAAS sees the text
    expect(connection).toEqual({ brokers: ['a.example.com:9092', 'b.example.com:9093'], tls: {}, sasl: { mechanism: 'plain', username: 'alice', password: "it's = " } })
    expect(notes).toEqual([])
  })

  it('reads quotes that are escaped for the file and again for JAAS', () => {
    const { connection } = parse(String.raw`bootstrap.servers=a:1
security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="al\\"ice" password="p\\\\w";`)
    expect(connection.sasl).toEqual({ mechanism: 'scram-sha-512', username: 'al"ice', password: 'p\\w' })
    expect(connection.tls).toBeUndefined()
  })

  it('reads OAuth client credentials with extensions from JAAS', () => {
    const { connection, notes } = parse(`bootstrap.servers=a:1
security.protocol=SASL_SSL
sasl.mechanism=OAUTHBEARER
sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler
sasl.oauthbearer.token.endpoint.url=https\\://login.example.com/token
sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId='me' clientSecret='s3cret' scope="kafka" extension_logicalCluster='lkc-1';`)
    expect(connection.sasl).toEqual({
      mechanism: 'oauthbearer-client-credentials',
      tokenEndpoint: 'https://login.example.com/token',
      clientId: 'me',
      clientSecret: 's3cret',
      scope: 'kafka',
      extensions: { logicalCluster: 'lkc-1' },
    })
    expect(notes).toEqual([])
  })

  it('gives PEM stores back their lines, whether continued, spelled out or on one line', () => {
    const oneLine = certificate.replaceAll('\n', ' ')
    const { connection } = parse(`bootstrap.servers=a:1
security.protocol=SSL
ssl.truststore.type=PEM
ssl.truststore.certificates=${certificate.trim().replaceAll('\n', '\\n\\\n')}
ssl.keystore.type=PEM
ssl.keystore.certificate.chain=${oneLine}
ssl.keystore.key=${privateKey.trim().replaceAll('\n', '\\n')}
ssl.key.password=open sesame`)
    expect(connection.tls).toEqual({ ca: certificate, cert: certificate, key: privateKey, passphrase: 'open sesame' })
  })

  it('lists PEM files for the host and explains what to do with Java keystores', () => {
    const { files, notes } = parse(`bootstrap.servers=a:1
security.protocol=SSL
ssl.truststore.location=/etc/kafka/truststore.jks
ssl.truststore.password=changeit
ssl.keystore.type=PEM
ssl.keystore.location=/etc/kafka/client.pem`)
    expect(files).toEqual([{ field: 'tls.cert', path: '/etc/kafka/client.pem' }, { field: 'tls.key', path: '/etc/kafka/client.pem' }])
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/truststore\.jks.*keytool -list -rfc/)
    expect(notes.join()).not.toContain('changeit')
  })

  it('gives the schema registry with its user', () => {
    const { connection } = parse(`bootstrap.servers=a:1
schema.registry.url=https://sr.example.com
basic.auth.credentials.source=USER_INFO
basic.auth.user.info=key:se:cret`)
    expect(connection.registry).toEqual({ url: 'https://sr.example.com', username: 'key', password: 'se:cret' })
  })

  it('moves a user out of the registry\'s URL', () => {
    expect(parse('schema.registry.url=http://us%40er:pw@sr:8081/api').connection.registry).toEqual({ url: 'http://sr:8081/api', username: 'us@er', password: 'pw' })
  })

  it('reads Spring\'s prefixes and spellings', () => {
    const { connection, notes } = parse(`spring.kafka.bootstrap-servers=a:1
spring.kafka.properties.security.protocol=SASL_SSL
spring.kafka.properties.sasl.mechanism=PLAIN
spring.kafka.consumer.properties.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";
spring.kafka.ssl.trust-store-certificates=${certificate.trim().replaceAll('\n', '\\n')}`)
    expect(connection).toEqual({ brokers: ['a:1'], tls: { ca: certificate }, sasl: { mechanism: 'plain', username: 'u', password: 'p' } })
    expect(notes).toEqual([])
  })
})

describe('a configuration of librdkafka', () => {
  it('keeps backslashes, names files and turns lists of extensions into fields', () => {
    const { connection, files } = parse(String.raw`metadata.broker.list=a:9092,b:9092
security.protocol=sasl_ssl
sasl.mechanisms=SCRAM-SHA-256
sasl.username=alice
sasl.password=p\w#1
ssl.ca.location=/etc/ssl/ca.pem`)
    expect(connection).toEqual({ brokers: ['a:9092', 'b:9092'], tls: {}, sasl: { mechanism: 'scram-sha-256', username: 'alice', password: String.raw`p\w#1` } })
    expect(files).toEqual([{ field: 'tls.ca', path: '/etc/ssl/ca.pem' }])
  })

  it('is read from a kcat command line with quotes and continued lines', () => {
    const { connection, notes } = parse(String.raw`$ kcat -C -b a:9092 -t orders \
  -X security.protocol=SASL_SSL -Xsasl.mechanisms=PLAIN \
  -X sasl.username='al ice' -X "sasl.password=pa\$s"`)
    expect(connection).toEqual({ brokers: ['a:9092'], tls: {}, sasl: { mechanism: 'plain', username: 'al ice', password: 'pa$s' } })
    expect(notes).toEqual([])
  })

  it('gives OAuth client credentials', () => {
    const { connection } = parse(`bootstrap.servers=a:9092
security.protocol=SASL_SSL
sasl.mechanisms=OAUTHBEARER
sasl.oauthbearer.method=oidc
sasl.oauthbearer.client.id=me
sasl.oauthbearer.client.secret=secret
sasl.oauthbearer.token.endpoint.url=https://login.example.com/token
sasl.oauthbearer.extensions=logicalCluster=lkc-1,identityPoolId=pool-2`)
    expect(connection.sasl).toMatchObject({ clientId: 'me', clientSecret: 'secret', extensions: { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' } })
  })
})

describe('a Confluent Cloud snippet', () => {
  it('is read with its placeholders noted', () => {
    const { connection, notes } = parse(`# Required connection configs for Kafka producer, consumer, and admin
bootstrap.servers=pkc-abc12.eu-central-1.aws.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='{{ CLUSTER_API_KEY }}' password='{{ CLUSTER_API_SECRET }}';
sasl.mechanism=PLAIN
# Required for correctness in Apache Kafka clients prior to 2.6
client.dns.lookup=use_all_dns_ips
# Best practice for higher availability in Apache Kafka clients prior to 3.0
session.timeout.ms=45000
acks=all
schema.registry.url=https://psrc-xyz.eu-central-1.aws.confluent.cloud
basic.auth.credentials.source=USER_INFO
basic.auth.user.info={{ SR_API_KEY }}:{{ SR_API_SECRET }}`)
    expect(connection.brokers).toEqual(['pkc-abc12.eu-central-1.aws.confluent.cloud:9092'])
    expect(connection.sasl).toEqual({ mechanism: 'plain', username: '', password: '' })
    expect(connection.registry).toEqual({ url: 'https://psrc-xyz.eu-central-1.aws.confluent.cloud', username: '', password: '' })
    expect(notes).toEqual([
      'sasl.username holds a placeholder: fill it in.',
      'sasl.password holds a placeholder: fill it in.',
      'basic.auth.user.info holds a placeholder: fill it in.',
      'Not used: client.dns.lookup, session.timeout.ms, acks.',
    ])
  })

  it('is read as a Python dictionary, comments passed over', () => {
    const { connection } = parse(`conf = {
    # 'sasl.password': 'old',
    'bootstrap.servers': 'a:9092',
    'security.protocol': "SASL_SSL",
    'sasl.mechanisms': 'PLAIN', 'sasl.username': 'key',
    'sasl.password': 'it\\'s',
    'group.id': 'x'
}`)
    expect(connection).toEqual({ brokers: ['a:9092'], tls: {}, sasl: { mechanism: 'plain', username: 'key', password: "it's" } })
  })

  it('is read as KafkaJS\'s options', () => {
    const { connection } = parse(`const kafka = new Kafka({
  clientId: 'app', brokers: ['a:9092', 'b:9092'], ssl: true,
  sasl: { mechanism: 'scram-sha-256', username: 'u', password: process.env.PASSWORD },
})`)
    expect(connection).toEqual({ brokers: ['a:9092', 'b:9092'], tls: {}, sasl: { mechanism: 'scram-sha-256', username: 'u', password: '' } })
  })

  it('is read as JSON, flat or nested', () => {
    expect(parse('{"bootstrap.servers": "a:9092", "security.protocol": "PLAINTEXT"}').connection).toEqual({ brokers: ['a:9092'] })
    expect(parse('{"brokers": ["a:9092"], "ssl": true, "sasl": {"mechanism": "plain", "username": "u", "password": "p"}}').connection).toEqual({
      brokers: ['a:9092'], tls: {}, sasl: { mechanism: 'plain', username: 'u', password: 'p' },
    })
  })
})

describe('what a snippet leaves open', () => {
  it.each([
    ['bootstrap.servers=broker', ['broker:9092'], /names no port/],
    ['bootstrap.servers=SASL_SSL://a:1,[::1]:9092', ['a:1', '[::1]:9092'], undefined],
    ['bootstrap.servers=<host>:9092\nacks=all', undefined, /bootstrap\.servers holds a placeholder/],
    ['bootstrap.servers=a:99999', undefined, /not of the form host:port/],
    ['security.protocol=SSL', undefined, /bootstrap\.servers is missing/],
    ['bootstrap.servers=a:1\nsecurity.protocol=SASL_SSL\nsasl.mechanism=GSSAPI', ['a:1'], /GSSAPI is not supported/],
    ['bootstrap.servers=a:1\nsasl.mechanism=PLAIN\nsasl.username=u\nsasl.password=p', ['a:1'], /TLS is off/],
    ['bootstrap.servers=a:1\nsecurity.protocol=SSL\nssl.endpoint.identification.algorithm=none', ['a:1'], /stays on/],
  ])('is noted: %j', (text, brokers, note) => {
    const { connection, notes } = parse(text)
    expect(connection.brokers).toEqual(brokers)
    if (note === undefined) expect(notes).toEqual([])
    else expect(notes.join('\n')).toMatch(note)
  })

  it('never turns the check of certificates off', () => {
    expect(parse('bootstrap.servers=a:1\nsecurity.protocol=SSL\nenable.ssl.certificate.verification=false').connection.tls).toEqual({})
  })

  it.each(['', 'hello world', '{}', '{"a": 1}', 'Dear team,\nplease find attached'])('is refused where nothing is said of a connection: %j', (text) => {
    expect(parseSnippet(text)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  })
})

const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}(\.[a-z]{2,5})?$/)
const word = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/).filter((text) => !/^[<{$*x.]|^your/i.test(text))
const connections: fc.Arbitrary<Connection> = fc.record({
  brokers: fc.array(fc.tuple(host, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `${name}:${port}`), { minLength: 1, maxLength: 3 }),
  tls: fc.constantFrom({}, { ca: certificate }, { ca: certificate, cert: certificate, key: privateKey }),
  sasl: fc.oneof(
    fc.record({ mechanism: fc.constantFrom('plain' as const, 'scram-sha-256' as const, 'scram-sha-512' as const), username: word, password: word }),
    fc.record({
      mechanism: fc.constant('oauthbearer-client-credentials' as const), tokenEndpoint: fc.constant('https://login.example.com/token?a=b'), clientId: word, clientSecret: word,
    }),
  ),
})

/** Writes a connection as the Java client reads it. */
function clientProperties({ brokers, tls, sasl }: Connection): string {
  const escape = (value: string): string => value.replace(/[\\\n=:#! ]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
  const quote = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`
  const options = sasl !== undefined && 'username' in sasl ? { username: sasl.username, password: sasl.password } : sasl !== undefined && 'clientId' in sasl ? { clientId: sasl.clientId, clientSecret: sasl.clientSecret } : {}
  const module = sasl?.mechanism === 'plain' ? 'plain.PlainLoginModule' : sasl?.mechanism.startsWith('scram') === true ? 'scram.ScramLoginModule' : 'oauthbearer.OAuthBearerLoginModule'
  const lines: Record<string, string | undefined> = {
    'bootstrap.servers': brokers.join(','),
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': sasl?.mechanism.startsWith('oauth') === true ? 'OAUTHBEARER' : sasl?.mechanism.toUpperCase(),
    'sasl.jaas.config': `org.apache.kafka.common.security.${module} required ${Object.entries(options).map(([name, value]) => `${name}=${quote(value)}`).join(' ')};`,
    'sasl.oauthbearer.token.endpoint.url': sasl !== undefined && 'tokenEndpoint' in sasl ? sasl.tokenEndpoint : undefined,
    'ssl.truststore.certificates': tls?.ca,
    'ssl.keystore.certificate.chain': tls?.cert,
    'ssl.keystore.key': tls?.key,
  }
  return Object.entries(lines).filter(([, value]) => value !== undefined).map(([name, value = '']) => `${name}=${escape(value)}\n`).join('')
}

describe('parseSnippet', () => {
  it('reads back every connection written as client.properties', () => {
    fc.assert(fc.property(connections, (connection) => {
      expect(parse(clientProperties(connection))).toEqual({ connection, notes: [], files: [] })
    }))
  })

  it.each<[string, string]>([
    ['empty lines', '\n'.repeat(500_000)],
    ['backslashes', `a=${'\\'.repeat(500_000)}x`],
    ['escaped quotes', String.raw`\'`.repeat(250_000)],
    ['spaces', `sasl.username=a${' '.repeat(500_000)}b`],
    ['one long word in JAAS', `sasl.jaas.config=x required ${'a'.repeat(500_000)}`],
    ['open PEM blocks', `sasl.username=x\nsecurity.protocol=SSL\nssl.ca.pem=${'-----BEGIN A-----'.repeat(30_000)}`],
    ['open braces', '{"a":'.repeat(100_000)],
    ['options', '-X a='.repeat(100_000)],
  ])('reads half a megabyte of %s in no time', (_, text) => {
    const start = performance.now()
    parseSnippet(text)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  it('gives a valid connection or a failure for any text, and never echoes a secret in a note', () => {
    const key = fc.constantFrom('bootstrap.servers', 'sasl.username', 'sasl.password', 'sasl.mechanism', 'security.protocol', 'sasl.jaas.config', 'schema.registry.url', 'basic.auth.user.info', 'ssl.ca.pem', 'sasl.oauthbearer.token.endpoint.url')
    const line = fc.tuple(key, fc.constantFrom('=', ':', ' = ', '": "'), fc.oneof(fc.string(), fc.constantFrom('OAUTHBEARER', 'PLAIN', 'SASL_SSL', 'a:1', '"', '\\'))).map((parts) => parts.join(''))
    fc.assert(fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 8 }), (lines) => {
      const result = parseSnippet([...lines, 'sasl.password=Zq9-sentinel-Zq9'].join('\n'))
      if (!result.ok) return
      expect(Connection.partial().safeParse(result.value.connection).error).toBeUndefined()
      expect(result.value.notes.join()).not.toContain('sentinel')
    }))
  })
})
