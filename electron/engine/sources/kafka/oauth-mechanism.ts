import type { Mechanism } from 'kafkajs'
import { AppError } from '../../../../shared/errors.ts'
import type { OAuthToken, TokenProvider } from './oauth.ts'

const separator = '\u0001'

/**
 * OAUTHBEARER for KafkaJS (RFC 7628, KIP-255). KafkaJS's own takes any answer for a success: a broker that refuses a token
 * says so in the answer and waits for a last message, so that a wrong token shows only as a lost connection later, again
 * and again. This one reads the answer.
 *
 * Tokens come from `provide`; its AppErrors pass through KafkaJS unchanged.
 */
export function oauthMechanism(provide: TokenProvider): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const token = await provide()
        const refusal = await saslAuthenticate({ request: bytes(initialResponse(token)), response: { decode: withoutLength, parse: (answer: Buffer) => answer.toString('utf8') } })
        if (typeof refusal !== 'string' || refusal === '') return
        // the broker must be told that its refusal was read before it ends the login (RFC 7628, section 3.2.3)
        await saslAuthenticate({ request: bytes(separator) }).catch(() => undefined)
        throw new AppError('CONNECT_SASL', `The broker refuses the OAuth token: ${statusOf(refusal)}.`, {
          hint: 'Check that the token has not expired, and that its issuer, audience and scope are those that the broker expects.',
        })
      },
    }),
  }
}

/** The client's first message: RFC 7628, section 3.1. */
function initialResponse({ value, extensions }: OAuthToken): string {
  const pairs = Object.entries({ auth: `Bearer ${value}`, ...extensions }).map(([name, text]) => `${name}=${text}${separator}`)
  return `n,,${separator}${pairs.join('')}${separator}`
}

function bytes(text: string): { encode: () => Buffer } {
  return {
    encode: () => {
      const body = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeInt32BE(body.length)
      return Buffer.concat([length, body])
    },
  }
}

function withoutLength(raw: Buffer): Buffer {
  return raw.subarray(4)
}

/** The broker's answer is a small JSON object such as `{"status":"invalid_token"}`. */
function statusOf(refusal: string): string {
  return /"status"\s*:\s*"([\w .-]{1,100})"/.exec(refusal)?.[1] ?? 'no reason is given'
}
