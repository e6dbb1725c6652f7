import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { varianceInflation } from './clusters.ts'
import { benjaminiHochberg, discoveryRates, simes } from './discoveries.ts'
import { fisherExact } from './fisher.ts'
import { logRank } from './log-rank.ts'
import { twoSided } from './normal.ts'
import { mantelHaenszel } from './stratified.ts'
import { countTable, evidence, oddsRatio, riskDifference, wilson, type TwoByTwo } from './two-by-two.ts'

const table = (a: number, b: number, c: number, d: number): TwoByTwo => ({ exposedMatched: a, exposedUnmatched: b, unexposedMatched: c, unexposedUnmatched: d })

describe('statistics with known answers', () => {
  it("Fisher's exact test gives what R's fisher.test gives", () => {
    // fisher.test(matrix(c(3, 1, 1, 3), 2)) – Fisher's tea tasting
    expect(fisherExact(table(3, 1, 1, 3))).toBeCloseTo(0.4857142857, 9)
    // Job satisfaction of convicted twins, R's ?fisher.test: Convictions
    expect(fisherExact(table(2, 15, 10, 3))).toBeCloseTo(0.0005367241, 9)
    expect(fisherExact(table(0, 5, 5, 0))).toBeCloseTo(2 / 252, 12)
    expect(fisherExact(table(10, 10, 10, 10))).toBeCloseTo(1, 10)
    expect(fisherExact(table(0, 0, 4, 9))).toBe(1)
  })

  it('Fisher sums to one over tables that are all alike, and is symmetric', () => {
    const cell = fc.integer({ min: 0, max: 60 })
    fc.assert(fc.property(cell, cell, cell, cell, (a, b, c, d) => {
      const p = fisherExact(table(a, b, c, d))
      expect(p).toBeGreaterThan(0)
      expect(p).toBeLessThanOrEqual(1)
      expect(fisherExact(table(c, d, a, b))).toBeCloseTo(p, 8)
      expect(fisherExact(table(a, c, b, d))).toBeCloseTo(p, 8)
    }))
  })

  it('agrees with exact fractions where there are many', () => {
    // the hypergeometric sum in whole numbers
    const choose = (n: bigint, k: bigint): bigint => { let r = 1n; for (let i = 1n; i <= k; i++) r = (r * (n - k + i)) / i; return r }
    const [a, b, c, d] = [70n, 130n, 110n, 490n]
    const seen = choose(a + b, a) * choose(c + d, c)
    let sum = 0n
    for (let x = 0n; x <= a + c && x <= a + b; x++) {
      const one = choose(a + b, x) * choose(c + d, a + c - x)
      if (one <= seen) sum += one
    }
    const exact = Number((sum * 10n ** 30n) / choose(a + b + c + d, a + c)) / 1e30
    expect(fisherExact(table(70, 130, 110, 490)) / exact).toBeCloseTo(1, 7)
  })

  it('odds ratio with Woolf’s interval, difference with Newcombe’s', () => {
    const or = oddsRatio(table(70, 130, 110, 490))
    expect(or.value).toBeCloseTo((70 * 490) / (130 * 110), 12)
    expect(Math.log(or.high / or.low)).toBeCloseTo(2 * 1.959964 * Math.sqrt(1 / 70 + 1 / 130 + 1 / 110 + 1 / 490), 5)
    // Newcombe 1998, table II, column (a): 56/70 against 48/80 gives 0.0524 to 0.3339
    const rd = riskDifference(table(56, 14, 48, 32))
    expect(rd.value).toBeCloseTo(0.2, 10)
    expect(rd.low).toBeCloseTo(0.0524, 4)
    expect(rd.high).toBeCloseTo(0.3339, 4)
    // Newcombe 1998, column (h): 0/10 against 0/20 is −0.1611 to 0.2775
    const none = riskDifference(table(0, 10, 0, 20))
    expect(none.low).toBeCloseTo(-0.1611, 4)
    expect(none.high).toBeCloseTo(0.2775, 4)
    expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 })
  })

  it('gives a number for an empty cell', () => {
    const { value, low, high } = oddsRatio(table(10, 0, 5, 20))
    expect(value).toBeCloseTo((10.5 * 20.5) / (0.5 * 5.5), 10)
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  })

  it('Benjamini and Hochberg as R’s p.adjust', () => {
    // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "BH")
    expect(benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05]).map((q) => Number(q.toFixed(10)))).toEqual([0.05, 0.05, 0.05, 0.05, 0.05])
    expect(benjaminiHochberg([0.5, 0.001, 0.04, 0.9]).map((q) => Number(q.toFixed(6)))).toEqual([0.666667, 0.004, 0.08, 0.9])
    expect(benjaminiHochberg([])).toEqual([])
  })

  it('a family counts once, by its Simes p value', () => {
    expect(simes([0.01, 0.04, 0.9])).toBeCloseTo(0.03, 12)
    expect(simes([0.04, 0.04])).toBeCloseTo(0.04, 12)
    // nine true variants of one thing do not carry a tenth of another
    const tried = [...Array.from({ length: 9 }, () => ({ family: 'a', p: 1e-9 })), { family: 'b', p: 0.045 }]
    expect(benjaminiHochberg(tried.map(({ p }) => p))[9]).toBeCloseTo(0.045, 12)
    expect(discoveryRates([...tried, ...Array.from({ length: 9 }, (_, at) => ({ family: `n${at}`, p: 0.9 }))])[9]).toBeGreaterThan(0.2)
    expect(discoveryRates(tried)[0]).toBeLessThan(1e-8)
  })

  it('Mantel and Haenszel over strata, as R’s mantelhaen.test', () => {
    // Agresti 2002, table 6.9: topical cream in eight clinics; common odds ratio 2.134549, 1.177590 to 3.869174
    const clinics = [[11, 25, 10, 27], [16, 4, 22, 10], [14, 5, 7, 12], [2, 14, 1, 16], [6, 11, 0, 12], [1, 10, 0, 10], [1, 4, 1, 8], [4, 2, 6, 1]].map((clinic) => table(...(clinic as [number, number, number, number])))
    const { value, low, high } = mantelHaenszel(clinics) ?? { value: 0, low: 0, high: 0 }
    expect(value).toBeCloseTo(2.134549, 5)
    expect(low).toBeCloseTo(1.17759, 4)
    expect(high).toBeCloseTo(3.869174, 4)
    expect(mantelHaenszel([table(5, 5, 0, 0), table(0, 0, 5, 5)])).toBeUndefined()
  })

  it('the normal distribution far out', () => {
    expect(twoSided(1.959963984540054)).toBeCloseTo(0.05, 12)
    expect(twoSided(10) / 1.523970604832105e-23).toBeCloseTo(1, 9)
    expect(twoSided(0)).toBeCloseTo(1, 12)
  })

  it('the log-rank test as R’s survdiff where the fact is there from the beginning', () => {
    // survdiff(Surv(c(1,2,3,4,5,6), c(1,1,1,1,0,1)) ~ c(1,1,0,1,0,0)): chisq 2.83333…, by hand below
    const until = Float64Array.of(1, 2, 3, 4, 5, 6)
    const group = [1, 1, 0, 1, 0, 0]
    const event = Uint8Array.of(1, 1, 1, 1, 0, 1)
    let [difference, variance] = [0, 0]
    for (let at = 0; at < 6; at++) {
      const risk = group.slice(at)
      const share = risk.reduce((sum, one) => sum + one, 0) / risk.length
      if (event[at] === 0 || risk.length === 1) continue
      difference += (group[at] ?? 0) - share
      variance += share * (1 - share)
    }
    expect(logRank(Float64Array.from(group, (one) => (one === 1 ? 0 : Infinity)), until, event)).toBeCloseTo(twoSided(difference / Math.sqrt(variance)), 10)
  })

  it('is not deceived by those who wait longer', () => {
    // the fact comes at a steady rate, whatever the outcome; outcomes come early, the others wait to the end
    let found = 0
    for (let run = 0; run < 100; run++) {
      const size = 400
      const decided = Uint8Array.from({ length: size }, () => (Math.random() < 0.3 ? 1 : 0))
      const until = Float64Array.from(decided, (one) => (one === 1 ? Math.random() * 3 : 10))
      const since = until.map((end) => { const at = -5 * Math.log(1 - Math.random()); return at < end ? at : Infinity })
      const exposed = Uint8Array.from(since, (at) => (at === Infinity ? 0 : 1))
      if (logRank(since, until, decided) < 0.01) found++
      if (run === 0) expect(fisherExact(countTable(exposed, decided))).toBeLessThan(1e-6)
    }
    expect(found).toBeLessThan(8)
  })

  it('chances of one user are not counted as so many users', () => {
    const matched = Uint8Array.from({ length: 400 }, (_, at) => Math.floor(at / 40) % 2)
    const exposed = Uint8Array.from({ length: 400 }, (_, at) => Math.floor(at / 80) % 2)
    const alone = Int32Array.from({ length: 400 }, (_, at) => at)
    const counted = countTable(exposed, matched)
    expect(varianceInflation(exposed, matched, alone, counted)).toBeCloseTo(1, 8)
    expect(varianceInflation(exposed, matched, alone.map((at) => Math.floor(at / 40)), counted)).toBeGreaterThan(4)
  })

  it('evidence is zero without a difference, and grows with counts', () => {
    expect(evidence(table(10, 20, 30, 60))).toBeCloseTo(0, 10)
    expect(evidence(table(200, 100, 300, 600))).toBeCloseTo(10 * evidence(table(20, 10, 30, 60)), 8)
  })
})
