import { contentSecurityPolicy } from './content-security-policy.ts'

/**
 * What every answer to a renderer carries, whatever it holds. Scripts carry it too, since a worker has the policy of its
 * own answer and not of the page that starts it.
 *
 * @param nonce lets style sheets through that name it; for the answer with index.html only
 */
export function securityHeaders(nonce?: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}
