import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import type { Client } from '../../../shared/contract/client.ts'
import type { Finding, WhyAnswer, WhyKnowledge } from '../../../shared/model/why.ts'
import { readBehaviors } from '../behavior-text.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatNumber, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { showProgress } from '../progress.ts'
import { parseCount } from '../values.ts'

interface Options extends CommonOptions {
  readonly behavior?: string
  readonly against?: string
  readonly steps?: number
  readonly context: WhyKnowledge['context']
  readonly country?: string
  readonly dates?: string
  readonly zone?: string
}

const jsonHelp = `
With --json: a first line {"about", "unit", "chances", "matched", "users", "undecided", "tried", "tooRare", "notes", "association"},
then one line a finding, the strongest first, those that another explains last, and a few that may be chance (chance: true):
group, family, phrase, sentence,
exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched (chances with and without the fact that did and did
not lead to the behavior), oddsRatio and difference (of the shares) each with value, low and high (95 % interval), p
(Fisher's exact test), q (Benjamini–Hochberg over all tried), instead (came after the start and makes it rarer), way (came after
the start and before nearly all that did: a step on the way), variants, verdict (holds, weaker, explained, unchecked),
adjusted (the odds ratio with the confounders held constant, Mantel–Haenszel), confounders, confounding and examples (user,
time in microseconds since the epoch, matched).`

/** `undercurrent why`. */
export function whyCommand(): Command {
  return command('why', 'say what distinguishes the starts that led to a behavior from those that did not')
    .argument('<file or name>', 'a .behavior file, - for standard input, or the name of a behavior that is saved')
    .option('--behavior <name>', 'which behavior of a file with several')
    .option('--against <name>', 'compare with the starts that led to this behavior, of the file or saved, instead of with all others')
    .option('--steps <n>', 'how many first steps the compared starts share; all but the last by default', parseCount)
    .option('--context <file:attribute>', 'a CSV or Parquet file joined on an attribute of the start; file:attribute=column where the file calls it otherwise; may be repeated', collectContext, [])
    .option('--country <code>', 'whose public holidays may matter, such as DE')
    .option('--dates <file>', 'a CSV file of days with a column date; with a column user each user has their own, such as birthdays')
    .option('--zone <zone>', 'the time zone of weekdays and hours, such as Europe/Berlin; UTC by default')
    .addHelpText('after', jsonHelp)
    .action(async (given: string, options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const progress = options.json === true ? undefined : showProgress(client)
        const answer = await ask(client, given, options).finally(() => progress?.stop())
        if (options.json === true) await printJson(answer)
        else await printAnswer(answer)
      })
    })
}

async function ask(client: Client, given: string, { behavior, against, steps, context, country, dates, zone }: Options): Promise<WhyAnswer> {
  const { text, name = behavior } = await readBehaviors(client, given)
  const knowledge = { context, ...(country === undefined ? {} : { country }), ...(dates === undefined ? {} : { dates: resolve(dates) }), ...(zone === undefined ? {} : { zone }) }
  return client.call('why.ask', { text, knowledge, ...(name === undefined ? {} : { name }), ...(against === undefined ? {} : { against }), ...(steps === undefined ? {} : { steps }) })
}

function collectContext(text: string, before: WhyKnowledge['context']): WhyKnowledge['context'] {
  const colon = text.lastIndexOf(':')
  const [attribute = '', column] = text.slice(colon + 1).split('=')
  if (colon < 1 || attribute === '') throw new InvalidArgumentError('Write file:attribute, such as items.csv:product_id.')
  return [...before, { path: resolve(text.slice(0, colon)), attribute, ...(column === undefined ? {} : { column }) }]
}

async function printJson({ findings, near, ...head }: WhyAnswer): Promise<void> {
  await printLine(toJsonLine(head))
  for (const finding of findings) await printLine(toJsonLine(finding))
  for (const finding of near) await printLine(toJsonLine({ ...finding, chance: true }))
}

async function printAnswer({ about, unit, chances, matched, users, undecided, tried, tooRare, findings, near, notes, association }: WhyAnswer): Promise<void> {
  await printLine(safeText(`${about}: ${formatNumber(matched)} of ${formatNumber(chances)} chances of ${formatNumber(users)} users (${((100 * matched) / chances).toFixed(1)} %)`))
  await printLine(safeText(unit))
  if (undecided > 0) await printLine(`${formatNumber(undecided)} starts are not decided yet.`)
  await printLine(`${formatNumber(tried)} facts were tried, ${formatNumber(tooRare)} more hold for too few or too many. ${findings.length === 0 ? 'None makes a difference beyond chance (false discovery rate 5 %).' : `${formatNumber(findings.length)} make a difference (false discovery rate 5 %):`}`)
  for (const [index, finding] of findings.entries()) await printFinding(index + 1, finding)
  if (near.length > 0) {
    await printLine('')
    await printLine('Nearest, but it may be chance:')
    for (const { sentence } of near) await printLine(safeText(`–  ${sentence}`))
  }
  await printLine('')
  for (const note of notes) await printLine(safeText(note))
  printNote(association)
}

async function printFinding(place: number, { sentence, confounding, q, verdict }: Finding): Promise<void> {
  await printLine('')
  await printLine(safeText(`${place}. ${sentence} q ${q < 1e-4 ? '< 0.0001' : `= ${q.toPrecision(2)}`}`))
  await printLine(safeText(`   ${verdict === 'explained' ? '⚠ ' : ''}${confounding}`))
}
