/** The turns of the unit circle that a transform of so many complex values needs. */
interface Turns {
  readonly sines: Float64Array
  readonly cosines: Float64Array
}

let kept: { readonly size: number; readonly turns: Turns } | undefined

/**
 * The squared size of the discrete Fourier transform of real values, for the frequencies 0 up to half of the length.
 *
 * Two neighbors are put into one complex value, so that half of the transform is enough; then what belongs to the even and to
 * the odd ones is told apart by symmetry (Press et al., Numerical Recipes, 12.3).
 *
 * @param values a power of two of them, at least four
 */
export function powerSpectrum(values: Float64Array): Float64Array {
  const half = values.length / 2
  const [real, imaginary] = [new Float64Array(half), new Float64Array(half)]
  for (let at = 0; at < half; at++) [real[at], imaginary[at]] = [values[2 * at] as number, values[2 * at + 1] as number]
  transform(real, imaginary)
  const power = new Float64Array(half + 1)
  for (let at = 0; at <= half; at++) {
    const [here, there] = [at % half, (half - at) % half]
    const [a, b, c, d] = [real[here] as number, imaginary[here] as number, real[there] as number, imaginary[there] as number]
    const angle = (-Math.PI * at) / half
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
    // (a + c, b − d) / 2 is the transform of the even values, (b + d, c − a) / 2 that of the odd ones
    const [re, im] = [(a + c + (b + d) * cosine - (c - a) * sine) / 2, (b - d + (b + d) * sine + (c - a) * cosine) / 2]
    power[at] = re * re + im * im
  }
  return power
}

/** Cooley and Tukey 1965, in place. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length
  for (let at = 1, mirrored = 0; at < size; at++) {
    let bit = size >> 1
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit
    mirrored ^= bit
    if (at >= mirrored) continue
    const [re, im] = [real[at] as number, imaginary[at] as number]
    real[at] = real[mirrored] as number
    imaginary[at] = imaginary[mirrored] as number
    real[mirrored] = re
    imaginary[mirrored] = im
  }
  const { sines, cosines } = turnsOf(size)
  for (let span = 1; span < size; span *= 2) {
    for (let start = 0; start < size; start += 2 * span) {
      for (let place = 0; place < span; place++) {
        const left = start + place
        const right = left + span
        const [sine, cosine] = [sines[span + place] as number, cosines[span + place] as number]
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

/** For each span of the transform its turns one after the other, from the place `span` on; those of the last size are kept. */
function turnsOf(size: number): Turns {
  if (kept?.size !== size) {
    const turns = { sines: new Float64Array(size), cosines: new Float64Array(size) }
    for (let span = 1; span < size; span *= 2) {
      for (let place = 0; place < span; place++) {
        turns.sines[span + place] = Math.sin((-Math.PI * place) / span)
        turns.cosines[span + place] = Math.cos((-Math.PI * place) / span)
      }
    }
    kept = { size, turns }
  }
  return kept.turns
}
