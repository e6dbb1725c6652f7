/** The rows of a CSV text (RFC 4180), by the plainest means there are. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  const row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (text.charAt(at + 1) === '"') cell += text.charAt(at++)
      else isQuoted = false
    } else if (character === '"' && cell === '') isQuoted = true
    else if (character === ',' || character === '\n') {
      row.push(character === '\n' ? cell.replace(/\r$/, '') : cell)
      cell = ''
      if (character === '\n') rows.push(row.splice(0))
    } else cell += character
  }
  return rows
}
