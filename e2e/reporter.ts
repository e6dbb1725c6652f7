import type { Reporter, TestModule } from 'vitest/node'

/** Closes a run with what was skipped and why, and with one plain line of counts. */
export class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const skipped = new Set<string>()
    for (const module of modules) {
      // a module that could not even be loaded has no test that failed
      if (module.state() === 'failed' && [...module.children.allTests()].every((test) => test.result().state !== 'failed')) counts.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'pending') continue
        counts[state]++
        // the reason stands in the name of the suite or the test
        if (state === 'skipped') skipped.add(test.parent.type === 'suite' ? test.parent.fullName : test.fullName)
      }
    }
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`)
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}
