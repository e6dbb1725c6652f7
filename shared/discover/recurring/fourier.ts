/**
 * The squared size of the discrete Fourier transform of real values, for the frequencies 0 up to half of the length.
 *
 * @param values a power of two of them, at least four; they are used up
 */
export function powerSpectrum(values: Float64Array): Float64Array {
  const imaginary = new Float64Array(values.length)
  transform(values, imaginary)
  return Float64Array.from({ length: values.length / 2 + 1 }, (_, at) => (values[at] as number) ** 2 + (imaginary[at] as number) ** 2)
}

/** Cooley and Tukey 1965, in place. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length
  for (let at = 1, mirrored = 0; at < size; at++) {
    let bit = size >> 1
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit
    mirrored ^= bit
    // the input has no imaginary part to swap
    if (at < mirrored) [real[at], real[mirrored]] = [real[mirrored] as number, real[at] as number]
  }
  const sines = Float64Array.from({ length: size }, (_, at) => Math.sin((-2 * Math.PI * at) / size))
  for (let span = 1; span < size; span *= 2) {
    const stride = size / (2 * span)
    for (let place = 0; place < span; place++) {
      const sine = sines[place * stride] as number
      // cos x = sin(x + 90°), and the angles are negative
      const cosine = sines[(place * stride + (3 * size) / 4) % size] as number
      for (let left = place; left < size; left += 2 * span) {
        const right = left + span
        const [re, im] = [(real[right] as number) * cosine - (imaginary[right] as number) * sine, (real[right] as number) * sine + (imaginary[right] as number) * cosine]
        real[right] = (real[left] as number) - re
        imaginary[right] = (imaginary[left] as number) - im
        real[left] = (real[left] as number) + re
        imaginary[left] = (imaginary[left] as number) + im
      }
    }
  }
}
