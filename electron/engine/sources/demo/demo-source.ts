import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Source, SourceSink } from '../source.ts'
import type { DemoShop } from './demo-shop.ts'
import type { ShopEvent } from './shop-event.ts'

/** Events that are written into a batch at once. */
const stepEvents = 5_000

/** What a demo run does: it starts at an offset, fills up to a time and then ends or follows the clock. */
export interface DemoRun {
  /** A shop at its opening. */
  readonly shop: DemoShop
  /** The first offset that is not stored yet; asked for when the run starts. */
  readonly first: () => Promise<bigint>
  /** Events that arrive before this are sent at once: epoch milliseconds. */
  readonly until: number
  readonly live: boolean
}

/** Lets the demo shop write its log, partition 0, through the same pipeline as every other source. */
export class DemoSource implements Source {
  private readonly options: DemoRun

  constructor(options: DemoRun) {
    this.options = options
  }

  async run(sink: SourceSink, signal: AbortSignal): Promise<void> {
    const { shop, until, live } = this.options
    await skipTo(shop, Number(await this.options.first()), signal)
    sink.notice({ kind: 'reading' })
    while (!signal.aborted && shop.peek().arrival < until) await this.send(sink, until)
    if (!live) return
    sink.notice({ kind: 'caught_up' })
    while (!signal.aborted) {
      const wait = shop.peek().arrival - Date.now()
      if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await this.send(sink, Date.now() + 1)
    }
  }

  private async send(sink: SourceSink, until: number): Promise<void> {
    const { shop } = this.options
    await sink.collect((builder) => {
      const first = shop.offset
      for (let count = 0; count < stepEvents && shop.peek().arrival < until; count++) {
        const offset = shop.offset
        const event = shop.take()
        builder.add(0, offset, event.arrival * 1000, event.key === null ? null : Buffer.from(event.key), toPayload(event), null)
      }
      if (shop.offset > first) builder.cover(0, BigInt(first), BigInt(shop.offset))
    })
  }
}

/** Makes the events that are stored already, unseen, and lets others have the thread in between. */
export async function skipTo(shop: DemoShop, offset: number, signal: AbortSignal): Promise<void> {
  while (shop.offset < offset && !signal.aborted) {
    shop.skip(Math.min(50_000, offset - shop.offset))
    await nextTurn()
  }
}

function toPayload({ id, type, time, data }: ShopEvent): Buffer {
  return Buffer.from(JSON.stringify({ id, type, time: new Date(time).toISOString(), ...data }))
}
