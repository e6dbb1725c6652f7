import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Spectrum } from './fourier.ts'

test('the power of every frequency is what the sum that defines it gives', () => {
  const values = fc.integer({ min: 2, max: 7 }).chain((bits) => fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 ** bits, maxLength: 2 ** bits }))
  fc.assert(fc.property(values, (given) => {
    const spectrum = new Spectrum(given.length)
    // used twice, as for one series after the other
    spectrum.values.fill(1)
    spectrum.powers()
    spectrum.values.set(given)
    const power = spectrum.powers()
    expect(power.length).toBe(given.length / 2 + 1)
    for (const [frequency, found] of power.entries()) {
      let [re, im] = [0, 0]
      for (const [at, value] of given.entries()) {
        re += value * Math.cos((-2 * Math.PI * frequency * at) / given.length)
        im += value * Math.sin((-2 * Math.PI * frequency * at) / given.length)
      }
      expect(Math.abs(found - (re * re + im * im))).toBeLessThan(1e-7 * (1 + re * re + im * im))
    }
  }))
})
