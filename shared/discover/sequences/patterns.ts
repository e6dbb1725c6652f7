/**
 * Patterns as a tree: each is one more item behind its prefix, so that a million of them fit into a few typed arrays.
 * Numbered in the order in which they were found; a prefix comes before what it begins.
 */
export class Patterns {
  private parents = new Int32Array(1024)
  private lasts = new Int32Array(1024)
  private supports = new Float64Array(1024)
  private lengths = new Uint16Array(1024)
  private count = 0

  get size(): number {
    return this.count
  }

  /** Adds a pattern. @param parent the pattern without its last item, -1 for none */
  add(parent: number, item: number, support: number): number {
    if (this.count === this.parents.length) this.grow()
    this.parents[this.count] = parent
    this.lasts[this.count] = item
    this.supports[this.count] = support
    this.lengths[this.count] = parent === -1 ? 1 : (this.lengths[parent] as number) + 1
    return this.count++
  }

  /** The pattern without its last item, -1 for none. */
  parent(pattern: number): number {
    return this.parents[pattern] as number
  }

  last(pattern: number): number {
    return this.lasts[pattern] as number
  }

  /** In how many sequences it is. */
  support(pattern: number): number {
    return this.supports[pattern] as number
  }

  /** In items. */
  length(pattern: number): number {
    return this.lengths[pattern] as number
  }

  items(pattern: number): Int32Array {
    const items = new Int32Array(this.length(pattern))
    for (let at = pattern, place = items.length - 1; at !== -1; at = this.parent(at), place--) items[place] = this.last(at)
    return items
  }

  private grow(): void {
    const wider = <T extends Int32Array | Uint16Array | Float64Array>(from: T): T => {
      const to = new (from.constructor as new (length: number) => T)(from.length * 2)
      to.set(from)
      return to
    }
    this.parents = wider(this.parents)
    this.lasts = wider(this.lasts)
    this.supports = wider(this.supports)
    this.lengths = wider(this.lengths)
  }
}
