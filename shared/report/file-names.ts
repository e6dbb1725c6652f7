/** Names that a Windows system keeps for its devices. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/** Names of files for titles, without an ending: letters and digits of any script, each only once, of at most so many bytes. */
export function fileNames(titles: readonly string[], most = 100): readonly string[] {
  const taken = new Set<string>()
  return titles.map((title) => {
    const words = title.normalize('NFC').toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
    const plain = cut(words.join('-'), most).replace(/-$/, '')
    const base = plain === '' || reserved.test(plain) ? `report${plain === '' ? '' : `-${plain}`}` : plain
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
    taken.add(name)
    return name
  })
}

function cut(text: string, most: number): string {
  let bytes = 0
  const kept = Array.from(text).filter((character) => (bytes += bytesOf(character.codePointAt(0) ?? 0)) <= most)
  return kept.join('')
}

/** In UTF-8. */
function bytesOf(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
}
