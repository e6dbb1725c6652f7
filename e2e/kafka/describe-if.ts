import { describe } from 'vitest'
import type { Availability } from './availability.ts'

/** A suite that runs if what it needs is there, and else is reported as skipped with the reason in its name. */
export function describeIf(needed: Availability, name: string, suite: () => void): void {
  if (needed.available) describe(name, suite)
  else describe.skip(`${name} (${needed.reason})`, suite)
}
