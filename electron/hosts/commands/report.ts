import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Client } from '../../../shared/contract/client.ts'
import { AppError } from '../../../shared/errors.ts'
import { ExportFormat, type ReportTemplate } from '../../../shared/report/export.ts'
import { formatCondition, isMet, parseCondition, type Condition } from '../../../shared/report/fail-if.ts'
import { headline } from '../../../shared/report/headline.ts'
import { SectionName, type Report, type ReportRequest } from '../../../shared/report/model.ts'
import { readBehaviors } from '../behavior-text.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatBytes, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { showProgress } from '../progress.ts'
import { parseCount, wholeNumber } from '../values.ts'

interface Options extends CommonOptions {
  readonly format: readonly ExportFormat[]
  readonly out: string
  readonly title?: string
  readonly notes?: string
  readonly sections?: readonly SectionName[]
  readonly by?: readonly string[]
  readonly examples?: number
  readonly hide: readonly string[]
  readonly hash: readonly string[]
  readonly shorten: readonly string[]
  readonly minCount?: number
  readonly template?: string
  readonly failIf: readonly Condition[]
}

const help = `
Formats: html, pdf, md, json (the data of the report), figures (every chart as SVG and CSV), png (every chart as a
picture); and the matches of each behavior as csv, ndjson (as of detect --json), parquet and cloudevents (one a line). PDF
and PNG take a Chromium: the system's, or the one that UNDERCURRENT_CHROMIUM names. Files take their names from the title;
a file of that name is replaced, whole or not at all. --min-count is for what the report says; files of matches have all.

--fail-if compares users, occurrences, confirmed, pending, late, tied or open of each behavior: "users > 50". The report is
written either way; the exit code is 3 where a condition is met, 0 where none is, 1 where the report could not be made.

With --json: one line {"title", "behaviors": [{name, users, occurrences, confirmed, pending, late, tied, open}], "files":
[{format, path, bytes}], "crossed": [the conditions that are met]}.`

/** `undercurrent report`. */
export function reportCommand(): Command {
  return command('report', 'write a report of behaviors, which can be verified later, and their matches')
    .argument('<file or name...>', 'files of behaviors, - for standard input, or names of behaviors: of a file before them, or saved')
    .option('--format <formats>', 'what to write, separated by commas', list(ExportFormat.options), ['html'])
    .option('--out <folder>', 'where to', '.')
    .option('--title <text>', 'the title; the names of the behaviors by default')
    .option('--notes <text>', 'what you want to say about it')
    .option('--sections <names>', `which parts, in this order: ${SectionName.options.join(',')}`, list(SectionName.options))
    .option('--by <attributes>', 'by which attributes matches are counted; those with few values by default', words)
    .option('--examples <n>', 'how many matches are shown with their timelines; 5 by default', wholeNumber(0, 50))
    .option('--hide <field>', 'leave a field out: of by, an attribute, or a returned value; may be repeated', collect, [])
    .option('--hash <field>', 'replace a field by a keyed hash; may be repeated', collect, [])
    .option('--shorten <field>', 'keep the first three characters of a field; may be repeated', collect, [])
    .option('--min-count <n>', 'do not say counts of fewer than this', parseCount)
    .option('--template <name>', 'how it is built, as saved in the workspace; options go before it')
    .option('--fail-if <condition>', 'exit code 3 when this is so, such as "users > 50"; may be repeated', collectCondition, [])
    .addHelpText('after', help)
    .action(async (given: readonly string[], options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const request = await toRequest(client, given, options)
        const progress = options.json === true ? undefined : showProgress(client)
        const made = await client.call('reports.export', { request, formats: [...options.format], folder: resolve(options.out) }).finally(() => progress?.stop())
        const crossed = crossedBy(made.report, options.failIf)
        if (options.json === true) await printLine(toJsonLine({ title: made.report.title, behaviors: made.report.behaviors.map(({ name, counts }) => ({ name, ...counts })), files: made.files, crossed }))
        else {
          for (const behavior of made.report.behaviors) await printLine(safeText(headline(behavior, made.report)))
          for (const { path, bytes } of made.files) await printLine(safeText(`${path} (${formatBytes(bytes)})`))
          for (const condition of crossed) printNote(safeText(`It is so: ${condition}.`))
        }
        if (crossed.length > 0) process.exitCode = 3
      })
    })
}

async function toRequest(client: Client, given: readonly string[], { title, notes, sections, by, examples, hide, hash, shorten, minCount, template: wanted }: Options): Promise<ReportRequest> {
  const template = wanted === undefined ? undefined : await findTemplate(client, wanted)
  const { text, names } = await behaviorsOf(client, given)
  const rules = template?.privacy
  return {
    ...(text === '' ? {} : { text }),
    names,
    title: title ?? template?.title ?? '',
    notes: notes ?? template?.notes ?? '',
    sections: [...(sections ?? template?.sections ?? SectionName.options)],
    ...(by === undefined ? (template?.attributes === undefined ? {} : { attributes: template.attributes }) : { attributes: [...by] }),
    examples: examples ?? template?.examples ?? 5,
    privacy: { hide: [...(rules?.hide ?? []), ...hide], hash: [...(rules?.hash ?? []), ...hash], shorten: [...(rules?.shorten ?? []), ...shorten], minCount: minCount ?? rules?.minCount ?? 1 },
  }
}

/** The text of all files, and the names that are asked for: those that follow a file choose from it. */
async function behaviorsOf(client: Client, given: readonly string[]): Promise<{ readonly text: string; readonly names: string[] }> {
  const texts: string[] = []
  const names: string[] = []
  for (const [index, one] of given.entries()) {
    const known = texts.flatMap((text) => parseBehaviors(text).file.behaviors.map(({ name }) => name))
    if (known.includes(one) && !existsSync(one)) {
      names.push(one)
      continue
    }
    const { text, name } = await readBehaviors(client, one)
    if (name !== undefined) {
      names.push(name)
      continue
    }
    texts.push(text)
    const own = parseBehaviors(text).file.behaviors.map((behavior) => behavior.name)
    // a name of the file behind it chooses; otherwise all of the file is meant
    if (!given.slice(index + 1).some((later) => own.includes(later) && !existsSync(later))) names.push(...own)
  }
  return { text: texts.join('\n\n'), names }
}

async function findTemplate(client: Client, name: string): Promise<ReportTemplate> {
  const all = await client.call('reports.templates', {})
  const found = all.find((template) => template.name === name)
  if (found === undefined) throw new AppError('NOT_FOUND', `There is no template "${name}" in this workspace.`, all.length === 0 ? {} : { hint: `There are ${all.map((template) => `"${template.name}"`).join(', ')}.` })
  return found
}

function crossedBy({ behaviors }: Report, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => behaviors.flatMap(({ name, counts }) => (isMet(condition, counts) ? [`${name}: ${formatCondition(condition)}`] : [])))
}

function list<T extends string>(known: readonly T[]): (text: string) => readonly T[] {
  return (text) =>
    words(text).map((word) => {
      const found = known.find((one) => one === word)
      if (found === undefined) throw new InvalidArgumentError(`${word} is none of ${known.join(', ')}.`)
      return found
    })
}

function words(text: string): readonly string[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '')
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, ...words(text)]
}

function collectCondition(text: string, before: readonly Condition[]): readonly Condition[] {
  const condition = parseCondition(text)
  if (condition === undefined) throw new InvalidArgumentError('A condition is a count, a comparison and a number, such as "users > 50"; counts are users, occurrences, confirmed, pending, late, tied and open.')
  return [...before, condition]
}
