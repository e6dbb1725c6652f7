import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Random } from './random.ts'

const anySeed = fc.maxSafeInteger()

function draw(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.unit())
}

test('the same seed gives the same numbers, another seed others', () => {
  fc.assert(
    fc.property(anySeed, anySeed, (seed, other) => {
      fc.pre(seed !== other)
      const numbers = draw(new Random(seed), 20)
      expect(draw(new Random(seed), 20)).toEqual(numbers)
      expect(draw(new Random(other), 20)).not.toEqual(numbers)
    }),
  )
})

test('the numbers are spread evenly from the first one on, whatever the seed', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const numbers = draw(new Random(seed), 16_000)
      const cells = Array.from({ length: 16 }, (_, cell) => numbers.filter((unit) => Math.floor(unit * 16) === cell).length)
      const chiSquare = cells.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)
      // 15 degrees of freedom: above 60 once in three million
      expect(chiSquare).toBeLessThan(60)
    }),
  )
})

test('neighboring seeds have nothing to do with each other', () => {
  const centered = Array.from({ length: 4_000 }, (_, seed) => new Random(seed).unit() - 0.5)
  const lagged = centered.slice(1).reduce((sum, value, index) => sum + value * (centered[index] ?? 0), 0)
  // a correlation of 4,000 independent pairs: above 0.06 once in ten thousand
  expect(Math.abs((lagged * 12) / centered.length)).toBeLessThan(0.06)
})

test('between reaches both ends and nothing beyond', () => {
  const random = new Random(7)
  const seen = new Set(Array.from({ length: 500 }, () => random.between(-2, 3)))
  expect([...seen].sort((left, right) => left - right)).toEqual([-2, -1, 0, 1, 2, 3])
})

test('exponential waiting times have the mean that was asked for', () => {
  const random = new Random(3)
  let sum = 0
  for (let draws = 0; draws < 100_000; draws++) sum += random.exponential(40)
  expect(sum / 100_000).toBeGreaterThan(39)
  expect(sum / 100_000).toBeLessThan(41)
})

test('weights are honored', () => {
  const random = new Random(11)
  const counts = { a: 0, b: 0, c: 0 }
  for (let draws = 0; draws < 100_000; draws++) counts[random.weighted([['a', 0.7], ['b', 0.05], ['c', 0.25]])] += 1
  expect(counts.a / 100_000).toBeCloseTo(0.7, 1)
  expect(counts.b / 100_000).toBeCloseTo(0.05, 2)
  expect(counts.c / 100_000).toBeCloseTo(0.25, 1)
})
