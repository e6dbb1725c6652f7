import type { MineOptions } from './miner.ts'
import type { SequenceData } from './sequence-data.ts'

type Limits = Pick<MineOptions, 'maxLength' | 'maxBetween' | 'maxGap' | 'repeats'>

/** Every frequent pattern with its support, written down from the definition: the judge of the fast miner. */
export function mineNaively(data: SequenceData, minSupport: number, limits: Limits): Map<string, number> {
  const found = new Map<string, number>()
  const extend = (prefix: readonly number[]): void => {
    for (let item = 0; item < data.itemCount; item++) {
      if (!limits.repeats && prefix.at(-1) === item) continue
      const pattern = [...prefix, item]
      const support = supportOf(data, pattern, limits)
      if (support < minSupport) continue
      found.set(pattern.join(' '), support)
      if (pattern.length < limits.maxLength) extend(pattern)
    }
  }
  extend([])
  return found
}

/** Whether a pattern is contained in another: as a whole piece where limits of distance are set. */
export function contains(longer: readonly string[], shorter: readonly string[], limited: boolean): boolean {
  if (limited) return longer.some((_, at) => shorter.every((item, place) => longer[at + place] === item))
  let at = 0
  for (const item of longer) if (item === shorter[at]) at++
  return at === shorter.length
}

function supportOf(data: SequenceData, pattern: readonly number[], limits: Limits): number {
  let support = 0
  for (let sequence = 0; sequence + 1 < data.starts.length; sequence++) if (isIn(data, sequence, pattern, 0, undefined, limits)) support++
  return support
}

function isIn(data: SequenceData, sequence: number, pattern: readonly number[], at: number, before: number | undefined, limits: Limits): boolean {
  if (at === pattern.length) return true
  for (let place = before === undefined ? (data.starts[sequence] as number) : before + 1; place < (data.starts[sequence + 1] as number); place++) {
    if (before !== undefined && limits.maxBetween !== undefined && place - before - 1 > limits.maxBetween) return false
    if (before !== undefined && limits.maxGap !== undefined && (data.time[place] as number) - (data.time[before] as number) > limits.maxGap) return false
    if (data.items[place] === pattern[at] && isIn(data, sequence, pattern, at + 1, place, limits)) return true
  }
  return false
}
