import { describe, it } from 'vitest'
import type { Availability } from './availability.ts'

/**
 * A suite that runs if what it needs is there, and else is reported as skipped with the reason in its name. Under
 * continuous integration (`CI=true`) it must run: there a missing broker is a failure.
 */
export function describeIf(needed: Availability, name: string, suite: () => void): void {
  if (needed.available) describe(name, suite)
  else if (process.env.CI === 'true') {
    it(`${name} runs under continuous integration`, () => {
      throw new Error(needed.reason)
    })
  } else describe.skip(`${name} (${needed.reason})`, suite)
}
