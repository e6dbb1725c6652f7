import { InvalidArgumentError, Option } from 'commander'
import type { Client } from '../../../../shared/contract/client.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Paths } from '../../../../shared/model/discovery.ts'
import { formatCount, formatNumber, formatSpan, printLine, printNote, safeText, toJsonLine } from '../../output.ts'
import { within, type DiscoverKind, type DiscoverOptions } from './kind.ts'

interface Options extends DiscoverOptions {
  readonly kind?: string
  readonly from?: string
  readonly to?: string
  readonly steps?: number
  /** An option that sequences have too. */
  readonly top?: number
  readonly hide?: readonly string[]
  readonly expand?: readonly string[]
}

/** `undercurrent discover --kind paths`. */
export const paths: DiscoverKind<Options> = {
  name: 'paths',
  options: (command) =>
    command
      .option('--from <type>', "paths: what came behind each one's first event of this type")
      .option('--to <type>', "paths: what came before each one's last event of this type")
      .addOption(new Option('--steps <n>', 'paths: so many steps, 1 to 12; 5 by default').argParser(upTo(12)))
      .option('--hide <type>', 'paths: leave a type out as if it had not happened; may be given several times', collect)
      .option('--expand <type>', 'paths: never put a type into “other”; may be given several times', collect),
  help: `
With --json, paths: one line with kind (paths), type, direction (from or to), population (users or sessions that have the type),
users, columns (outward from the type, each a list of nodes with kind (type, other or ended), type, types (how many other
stands for) and units, which add up to the population in every column), links (column, from and to as places in the column and
the next, units, median microseconds between), variants (types, ended, units, share, users, behavior), distinct (different
variants in all) and notes. --top <n> is how many types each step has, 1 to 50, 6 by default: rarer ones are “other”;
with other kinds --top is theirs alone. Without --from and --to they begin with the type that most users begin with; a note says so.`,
  async run(client, options) {
    const { from, to } = options
    if (from !== undefined && to !== undefined) throw new AppError('BAD_REQUEST', 'Paths go from a type or to one, not both.', { hint: 'Leave out --from or --to.' })
    await show(client, options, from ?? to, to === undefined ? 'from' : 'to')
  },
}

async function show(client: Client, options: Options, asked: string | undefined, direction: 'from' | 'to'): Promise<void> {
  const { unit, sessionGap, collapse, steps, top, hide, expand, limit } = options
  const found = await client.call('discover.paths', {
    ...within(options), ...(asked === undefined ? {} : { type: asked }), direction, unit, sessionGap, collapse, hidden: [...(hide ?? [])], expanded: [...(expand ?? [])],
    ...(steps === undefined ? {} : { steps }),
    // asked for with other kinds, --top is theirs
    ...(top === undefined || options.kind !== 'paths' ? {} : { top }), ...(limit === undefined ? {} : { variants: Math.min(limit, 1000) }),
  })
  const type = asked ?? found.columns[0]?.[0]?.type
  if (options.json === true) {
    await printLine(toJsonLine({ kind: 'paths', type, direction, ...found }))
    return
  }
  await printLine(safeText(`Paths ${direction} ${type ?? 'nowhere'}: ${formatCount(found.population, unit)}, ${formatNumber(found.distinct)} different ways`))
  for (const [column, nodes] of found.columns.entries()) if (column > 0) await printLine(safeText(`  ${column}  ${nodes.map((node) => `${nameOf(node, direction)} ${percent(node.units, found.population)}${timeTo(found, column, node)}`).join(' · ')}`))
  for (const { types, ended, units, share } of found.variants) {
    const way = [...types, ...(ended ? [] : ['…'])]
    await printLine(safeText(`  ${formatNumber(units)} (${percent(share, 1)})  ${(direction === 'from' ? way : way.reverse()).join(' > ')}`))
  }
  for (const note of found.notes) printNote(safeText(note))
}

function nameOf({ kind, type, types }: Paths['columns'][number][number], direction: 'from' | 'to'): string {
  if (kind === 'other') return formatCount(types ?? 0, 'other type')
  return kind === 'ended' ? (direction === 'from' ? 'ended' : 'nothing before') : (type ?? '')
}

/** The median time on the widest link into a node. */
function timeTo({ links, columns }: Paths, column: number, node: Paths['columns'][number][number]): string {
  const into = links.filter((link) => link.column === column - 1 && columns[column]?.[link.to] === node)
  const widest = into.reduce<(typeof into)[number] | undefined>((best, link) => (best === undefined || link.units > best.units ? link : best), undefined)
  return widest?.median === undefined ? '' : ` (${formatSpan(widest.median / 1000)})`
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`
}

function collect(type: string, before: readonly string[] = []): readonly string[] {
  return [...before, type]
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1 || value > most) throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`)
    return value
  }
}
