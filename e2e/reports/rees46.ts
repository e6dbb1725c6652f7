import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { undercurrent } from './command.ts'

/** Putting into the cart and taking out again without buying, in the words of the real shop. */
export const changedTheirMind = `sequence "changed their mind" by user, product_id
  added: cart
  then removed: remove_from_cart within 10m
  without purchase for 10m after added
return removed.time - added.time as hesitation, removed.price as price
`

/** A folder with the workspace `W` of the real shop, and `changed.behavior`. The caller removes it. */
export async function importRees46(file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-reports-'))
  const { code, stderr } = await undercurrent(folder, ['import', file, '--workspace', 'W', '--map', 'key=user_id,type=event_type,time=event_time', '--attributes', 'product_id:text,price:number,user_session:text'])
  if (code !== 0) throw new Error(stderr)
  writeFileSync(join(folder, 'changed.behavior'), changedTheirMind)
  return folder
}
