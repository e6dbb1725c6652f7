/**
 * The squared size of the discrete Fourier transform of real values, for the frequencies 0 up to half of their number. What it
 * needs is made once and used for every series of that size: making megabytes anew for each costs as much as transforming.
 *
 * Two neighbors are put into one complex value, so that half of the transform is enough; then what belongs to the even and to
 * the odd ones is told apart by symmetry (Press et al., Numerical Recipes, 12.3).
 */
export class Spectrum {
  /** To be filled by whoever asks. */
  readonly values: Float64Array
  private readonly power: Float64Array
  private readonly real: Float64Array
  private readonly imaginary: Float64Array
  /** For each span of the transform its turns one after the other, from the place `span` on. */
  private readonly sines: Float64Array
  private readonly cosines: Float64Array

  /** @param size how many values: a power of two, at least four */
  constructor(size: number) {
    const half = size / 2
    this.values = new Float64Array(size)
    this.power = new Float64Array(half + 1)
    this.real = new Float64Array(half)
    this.imaginary = new Float64Array(half)
    this.sines = new Float64Array(size)
    this.cosines = new Float64Array(size)
    for (let span = 1; span <= half; span *= 2) {
      for (let place = 0; place < span; place++) {
        this.sines[span + place] = Math.sin((-Math.PI * place) / span)
        this.cosines[span + place] = Math.cos((-Math.PI * place) / span)
      }
    }
  }

  /** Of the values as they are now; the answer holds until it is asked for again. */
  powers(): Float64Array {
    const { values, power, real, imaginary, sines, cosines } = this
    const half = real.length
    for (let at = 0; at < half; at++) {
      real[at] = values[2 * at] as number
      imaginary[at] = values[2 * at + 1] as number
    }
    this.transform()
    power[0] = ((real[0] as number) + (imaginary[0] as number)) ** 2
    power[half] = ((real[0] as number) - (imaginary[0] as number)) ** 2
    for (let at = 1; at < half; at++) {
      const a = real[at] as number
      const b = imaginary[at] as number
      const c = real[half - at] as number
      const d = imaginary[half - at] as number
      const sine = sines[half + at] as number
      const cosine = cosines[half + at] as number
      // (a + c, b − d) / 2 is the transform of the even values, (b + d, c − a) / 2 that of the odd ones
      const re = (a + c + (b + d) * cosine - (c - a) * sine) / 2
      const im = (b - d + (b + d) * sine + (c - a) * cosine) / 2
      power[at] = re * re + im * im
    }
    return power
  }

  /** Cooley and Tukey 1965, in place. */
  private transform(): void {
    const { real, imaginary, sines, cosines } = this
    const size = real.length
    for (let at = 1, mirrored = 0; at < size; at++) {
      let bit = size >> 1
      for (; mirrored & bit; bit >>= 1) mirrored ^= bit
      mirrored ^= bit
      if (at >= mirrored) continue
      const re = real[at] as number
      const im = imaginary[at] as number
      real[at] = real[mirrored] as number
      imaginary[at] = imaginary[mirrored] as number
      real[mirrored] = re
      imaginary[mirrored] = im
    }
    for (let span = 1; span < size; span *= 2) {
      for (let start = 0; start < size; start += 2 * span) {
        for (let place = 0; place < span; place++) {
          const left = start + place
          const right = left + span
          const sine = sines[span + place] as number
          const cosine = cosines[span + place] as number
          const re = (real[right] as number) * cosine - (imaginary[right] as number) * sine
          const im = (real[right] as number) * sine + (imaginary[right] as number) * cosine
          real[right] = (real[left] as number) - re
          imaginary[right] = (imaginary[left] as number) - im
          real[left] = (real[left] as number) + re
          imaginary[left] = (imaginary[left] as number) + im
        }
      }
    }
  }
}
