/**
 * Gives PEM blocks back their lines: snippets carry them on one line, with spaces (KIP-651) or with `\n` spelled out.
 *
 * @see RFC 7468, section 2
 */
export function normalizePem(text: string): string {
  return text
    .replaceAll('\\n', '\n')
    .replace(/(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)\s*/g, (block, begin: string, body: string, end: string) => {
      // an old encrypted key has header lines of its own, which must stay as they are
      if (body.includes(':')) return block
      const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
      return [begin, ...lines, end, ''].join('\n')
    })
}
