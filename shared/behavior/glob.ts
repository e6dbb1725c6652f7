/** A test for texts that a glob stands for: `*` is any run of characters, none included, all else is itself. */
export function globTest(glob: string): (text: string) => boolean {
  if (!glob.includes('*')) return (text) => text === glob
  // backtracking costs at most length × stars here: a later star makes every earlier choice irrelevant
  return (text) => matches(glob, text)
}

/** The greedy matcher of wildcards that goes back to the last star only (Krauss 2008, "Matching Wildcards"). */
function matches(glob: string, text: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let resume = 0
  while (position < text.length) {
    if (glob[at] === '*') {
      star = at++
      resume = position
    } else if (at < glob.length && glob[at] === text[position]) {
      at++
      position++
    } else if (star !== -1) {
      at = star + 1
      position = ++resume
    } else return false
  }
  while (glob[at] === '*') at++
  return at === glob.length
}
