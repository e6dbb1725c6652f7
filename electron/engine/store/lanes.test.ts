import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LanePool } from './lanes.ts'

let instance: DuckDBInstance
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
})
afterAll(() => instance.closeSync())

describe('lanes', () => {
  it('are two, with temporary tables of their own; who finds none free waits for the next, in turn', async () => {
    let opened = 0
    const pool = new LanePool(() => {
      opened++
      return instance.connect()
    })
    expect(pool.isBusy).toBe(false)
    const [first, second] = await Promise.all([pool.take(), pool.take()])
    for (const { connection } of [first, second]) await connection.run('CREATE TEMP TABLE mapped (a INTEGER)')
    expect(pool.isBusy).toBe(true)
    const order: string[] = []
    const third = pool.take().then((lane) => { order.push('third'); return lane })
    const fourth = pool.take().then((lane) => { order.push('fourth'); return lane })
    await Promise.resolve()
    expect(order).toEqual([])
    pool.give(second)
    expect(await third).toBe(second)
    pool.give(first)
    expect(await fourth).toBe(first)
    expect([opened, order]).toEqual([2, ['third', 'fourth']])
    pool.give(first)
    expect(pool.isBusy).toBe(true)
    pool.give(second)
    expect(pool.isBusy).toBe(false)
    pool.close()
    await expect(first.connection.run('SELECT 1')).rejects.toThrow()
  })

  it('can still be taken after one could not be opened', async () => {
    let fails = 1
    const pool = new LanePool(() => (fails-- > 0 ? Promise.reject(new Error('no memory')) : instance.connect()))
    await expect(pool.take()).rejects.toThrow('no memory')
    expect(pool.isBusy).toBe(false)
    const lanes = await Promise.all([pool.take(), pool.take()])
    expect(new Set(lanes).size).toBe(2)
    for (const lane of lanes) pool.give(lane)
    pool.close()
  })
})
