import { describe, expect, it } from 'vitest'
import { originsOf, positionsOf } from '../../charts/strips/align.ts'
import { simplified } from '../../charts/strips/sequences.ts'
import { rowsCsv } from './rows-csv.ts'

const start = Date.UTC(2026, 0, 1)
const whole = { starts: Int32Array.of(0, 3, 4), type: Int32Array.of(0, 0, 1, 1), time: Float64Array.of(start, start + 1.5, start + 2000, start + 60_000.001) }
const keys = ['=HYPERLINK("http://x")', 'b"o,b']
const names = ['@view', 'add']

function csv(collapse: boolean, isAligned = true): string[] {
  const sequences = simplified(whole, new Set(), collapse)
  const origins = originsOf(whole, { kind: 'type', type: 1, last: false })
  const strips = { sequences, positions: positionsOf(whole, sequences, origins, 'time'), rows: Int32Array.of(1, 0), types: 2, scale: 'time' as const }
  return rowsCsv(strips, isAligned ? origins.time : undefined, keys, names).join('').split('\r\n')
}

describe('rows as CSV', () => {
  it('are in the order of the rows, and hold nothing that a spreadsheet would run', () => {
    expect(csv(false)).toEqual([
      'row,user,step,time,type,count,since_aligned_ms',
      '1,"b""o,b",1,2026-01-01T00:01:00.000001Z,add,1,0',
      `2,"'=HYPERLINK(""http://x"")",1,2026-01-01T00:00:00.000Z,'@view,1,-2000`,
      `2,"'=HYPERLINK(""http://x"")",2,2026-01-01T00:00:00.001500Z,'@view,1,-1998.5`,
      `2,"'=HYPERLINK(""http://x"")",3,2026-01-01T00:00:02.000Z,add,1,0`,
      '',
    ])
  })

  it('say how many events a collapsed line stands for', () => {
    expect(csv(true).slice(2, 4)).toEqual([`2,"'=HYPERLINK(""http://x"")",1,2026-01-01T00:00:00.000Z,'@view,2,-2000`, `2,"'=HYPERLINK(""http://x"")",2,2026-01-01T00:00:02.000Z,add,1,0`])
  })

  it('have no time since a zero that is not theirs', () => {
    expect(csv(false, false)[1]).toMatch(/,add,1,$/)
  })

  it('come in parts that together have one head', () => {
    const many = 45_000
    const long = { starts: Int32Array.of(0, many), type: new Int32Array(many), time: new Float64Array(many) }
    const sequences = simplified(long, new Set(), false)
    const parts = rowsCsv({ sequences, positions: long.time, rows: Int32Array.of(0), types: 1, scale: 'time' }, undefined, ['u'], ['t'])
    expect(parts.length).toBe(3)
    expect(parts.join('').trimEnd().split('\r\n').length).toBe(many + 1)
  })
})
