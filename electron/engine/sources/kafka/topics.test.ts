import { afterEach, describe, expect, it } from 'vitest'
import { fakeBroker, type FakeBrokerOptions, type FakeServer, mouthpiece } from '../../../../e2e/kafka/fake-broker.ts'
import { listTopics } from './topics.ts'

const listOffsets = 2
const open: FakeServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function broker(topics: NonNullable<FakeBrokerOptions['topics']>): Promise<FakeServer> {
  const server = await fakeBroker({ topics })
  open.push(server)
  return server
}

describe('listTopics', () => {
  it('gives topics by name with their offsets and the records between them', async () => {
    const { address } = await broker({
      orders: [{ leader: 1, earliest: 5n, latest: 12n }, { leader: 1, earliest: 0n, latest: 2n ** 40n }],
      __consumer_offsets: [{ leader: 1, latest: 3n }],
      empty: [{ leader: 1 }],
    })
    expect(await listTopics({ brokers: [address] })).toEqual([
      { name: '__consumer_offsets', internal: true, partitions: [{ partition: 0, earliest: 0n, latest: 3n }], records: 3 },
      { name: 'empty', internal: false, partitions: [{ partition: 0, earliest: 0n, latest: 0n }], records: 0 },
      { name: 'orders', internal: false, partitions: [{ partition: 0, earliest: 5n, latest: 12n }, { partition: 1, earliest: 0n, latest: 2n ** 40n }], records: 2 ** 40 + 7 },
    ])
  })

  it('asks a broker for offsets twice, however many topics there are', async () => {
    const server = await broker(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`topic-${index}`, [{ leader: 1, latest: 1n }]])))
    expect(await listTopics({ brokers: [server.address] })).toHaveLength(500)
    expect(server.requests.filter((key) => key === listOffsets)).toHaveLength(2)
  })

  it('leaves out a partition without a leader, and no topic for its sake', async () => {
    const { address } = await broker({ orders: [{ leader: 1, latest: 4n }, { leader: -1 }], lost: [{ leader: -1 }] })
    expect(await listTopics({ brokers: [address] })).toEqual([
      { name: 'lost', internal: false, partitions: [], records: 0 },
      { name: 'orders', internal: false, partitions: [{ partition: 0, earliest: 0n, latest: 4n }], records: 4 },
    ])
  })

  it('goes on to the next broker where one is dead, and says what is wrong where all are', async () => {
    const { address } = await broker({})
    expect(await listTopics({ brokers: ['127.0.0.1:1', address] })).toEqual([])
    await expect(listTopics({ brokers: ['127.0.0.1:1'] })).rejects.toMatchObject({ code: 'CONNECT_TCP', message: '127.0.0.1:1 refuses the connection: nothing listens on that port.' })
  })

  it('stops when it is cancelled', async () => {
    const mute = await mouthpiece()
    open.push(mute)
    await expect(listTopics({ brokers: [mute.address] }, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
