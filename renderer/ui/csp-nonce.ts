/** The nonce with which libraries that write style sheets at run time are let through the content security policy. */
export function cspNonce(): string {
  return document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
}
