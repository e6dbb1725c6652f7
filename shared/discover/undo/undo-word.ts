/** How words begin that say in English that something is taken back. */
const stems = ['remov', 'delet', 'cancel', 'undo', 'undid', 'undone', 'revert', 'refund', 'return', 'withdr', 'revok', 'discard', 'rollback'] as const

/**
 * Whether the name of a type says that it takes the first back: `cart.remove` of `cart.add`, `orderCancelled` of
 * `orderPlaced`, `unlike` of `like`. Where nothing follows either, nothing but its name tells a removal from a purchase.
 */
export function saysUndo(type: string, first: string): boolean {
  const [words, others] = [wordsOf(type), wordsOf(first)]
  if (others.some(takesBack)) return false
  return words.some((word) => takesBack(word) || (word.startsWith('un') && others.some((other) => other.length > 2 && word.slice(2).startsWith(other))))
}

function takesBack(word: string): boolean {
  return stems.some((stem) => word.startsWith(stem))
}

function wordsOf(type: string): readonly string[] {
  return type.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase().split(/[^\p{L}]+/u)
}
