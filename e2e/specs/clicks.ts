import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The real shop's clickstream, where it is on this machine: a folder with `rees46/events.csv`. */
const dataFolder = process.env['UNDERCURRENT_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const rees46File = join(dataFolder, 'rees46/events.csv')

/** Whether the real clickstream is here, and else why not. */
export const rees46 = existsSync(rees46File)
  ? { available: true as const, how: rees46File, file: rees46File }
  : { available: false as const, reason: `no rees46/events.csv in ${dataFolder}; UNDERCURRENT_DATA names the folder` }

/** One line of a shop's clickstream, as it is written there. */
export interface Click {
  readonly event_time: string
  readonly event_type: string
  readonly product_id: string
  readonly price: string
  readonly user_id: string
  readonly user_session: string
}

const columns = ['event_time', 'event_type', 'product_id', 'price', 'user_id', 'user_session'] as const

/** Reads a clickstream's CSV, in which nothing is quoted, by the plainest means there are. */
export function readClicks(file: string): Click[] {
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  if (header !== columns.join(',')) throw new Error(`${file} does not begin with ${columns.join(',')}`)
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((name, index) => [name, cells[index]])) as unknown as Click
  })
}

/** The CSV text of a clickstream. */
export function clicksCsv(clicks: readonly Click[]): string {
  return [columns.join(','), ...clicks.map((click) => columns.map((name) => click[name]).join(',')), ''].join('\n')
}

/** When it happened: milliseconds since the epoch. */
export function clickTime({ event_time: text }: Click): number {
  return Date.parse(text.replace(' UTC', 'Z').replace(' ', 'T'))
}

/** A click as any system would write it as JSON. */
export function clickJson(click: Click): { event_time: string; event_type: string; product_id: number; price: number; user_id: number; user_session: string } {
  return { ...click, product_id: Number(click.product_id), price: Number(click.price), user_id: Number(click.user_id) }
}

/** A clickstream of our own making with what real ones have: equal times, exact doubles, times that go back, users that visit again. */
export function madeClicks(): Click[] {
  const clicks: Click[] = []
  const types = ['view', 'cart', 'remove_from_cart', 'purchase']
  for (let index = 0; index < 120; index++) {
    const user = index % 7
    // each second is used by several events of a user, and every tenth event comes before the one in front of it
    const second = Math.floor(index / 20) - (index % 10 === 9 ? 1 : 0)
    clicks.push({
      event_time: `${new Date(Date.UTC(2026, 0, 1, 0, 0, 30 + second)).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
      event_type: types[index % types.length] ?? '',
      product_id: String(1000 + (index % 11)),
      price: (index * 0.37).toFixed(2),
      user_id: String(100 + user),
      user_session: `session-${user}-${Math.floor(index / 60)}`,
    })
  }
  return [...clicks, ...clicks.slice(-5)]
}
