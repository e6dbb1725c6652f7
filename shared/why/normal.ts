/** The chance of a value at least so far from 0, on either side, under the standard normal distribution. */
export function twoSided(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/** Chebyshev coefficients of the complementary error function: Press et al., Numerical Recipes, 3rd edition, section 6.2.2. */
const coefficients = [
  -1.3026537197817094, 6.4196979235649026e-1, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4, 3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.303655835580e-6,
  1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15, -1.523e-15,
  -9.4e-17, 1.21e-16, -2.8e-17,
] as const

/** The complementary error function of z ≥ 0, with a relative error of about 1e-15 also far out, where 1 − erf is rounded to 0. */
function erfc(z: number): number {
  const t = 2 / (2 + z)
  const ty = 4 * t - 2
  let d = 0
  let dd = 0
  for (let at = coefficients.length - 1; at > 0; at--) [d, dd] = [ty * d - dd + (coefficients[at] as number), d]
  return t * Math.exp(-z * z + 0.5 * (coefficients[0] + ty * d) - dd)
}
