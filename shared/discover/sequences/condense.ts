import type { Patterns } from './patterns.ts'

/**
 * Which patterns say something that no longer one says: `closed` ones have no longer pattern of the same support that
 * contains them, `maximal` ones none at all among those found.
 *
 * @param found what was found, as numbers of `patterns`
 * @param limited whether there were limits of distance: a pattern is then contained only in one piece, because leaving an
 * item out of the middle brings others together that were too far apart
 * @param repeats whether patterns may have an item twice in a row
 */
export function condense(patterns: Patterns, found: readonly number[], { keep, limited, repeats }: { readonly keep: 'closed' | 'maximal'; readonly limited: boolean; readonly repeats: boolean }): number[] {
  const places = new Map<string, number>(found.map((pattern) => [patterns.items(pattern).join(' '), pattern]))
  const contained = new Set<number>()
  for (const pattern of found) {
    for (const shorter of shortened(patterns.items(pattern), limited, repeats)) {
      const other = places.get(shorter.join(' '))
      if (other !== undefined && (keep === 'maximal' || patterns.support(other) === patterns.support(pattern))) contained.add(other)
    }
  }
  return found.filter((pattern) => !contained.has(pattern))
}

/** The patterns that are one item shorter; more than one where what is left would have an item twice in a row and must not. */
function shortened(items: Int32Array, limited: boolean, repeats: boolean): readonly Int32Array[] {
  if (items.length < 2) return []
  if (limited) return [items.subarray(1), items.subarray(0, -1)]
  return Array.from(items, (_, at) => without(items, at)).flatMap((shorter) => (repeats || !hasRepeats(shorter) ? [shorter] : shortened(shorter, limited, repeats)))
}

function without(items: Int32Array, place: number): Int32Array {
  return items.filter((_, at) => at !== place)
}

function hasRepeats(items: Int32Array): boolean {
  return items.some((item, at) => at > 0 && item === items[at - 1])
}
