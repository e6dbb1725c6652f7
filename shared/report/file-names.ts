/** Names that a Windows system keeps for its devices. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/** Names of files for titles, without an ending: letters and digits of any script, each only once. */
export function fileNames(titles: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return titles.map((title) => {
    const words = title.normalize('NFC').toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
    const plain = Array.from(words.join('-')).slice(0, 60).join('').replace(/-$/, '')
    const base = plain === '' || reserved.test(plain) ? `report${plain === '' ? '' : `-${plain}`}` : plain
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
    taken.add(name)
    return name
  })
}
