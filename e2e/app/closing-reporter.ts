import type { FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter'

/** Closes the journeys with what was skipped and why, and with one plain line of counts, as the unit tests do. */
class ClosingReporter implements Reporter {
  private root: Suite | undefined

  onBegin(_config: unknown, root: Suite): void {
    this.root = root
  }

  onEnd(_result: FullResult): void {
    const tests = this.root?.allTests() ?? []
    const having = (outcome: ReturnType<TestCase['outcome']>): readonly TestCase[] => tests.filter((test) => test.outcome() === outcome)
    for (const test of having('skipped')) {
      const reason = test.annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given'
      process.stdout.write(`skipped: ${test.titlePath().filter((part) => part !== '').join(' › ')} (${reason})\n`)
    }
    process.stdout.write(`${having('expected').length} passed, ${having('unexpected').length + having('flaky').length} failed, ${having('skipped').length} skipped\n`)
  }
}

// Playwright loads a reporter by its default export
export default ClosingReporter
