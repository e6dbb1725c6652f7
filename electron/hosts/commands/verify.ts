import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { Verification } from '../../../shared/report/export.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatCount, formatNumber, formatTable, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { showProgress } from '../progress.ts'

/** `undercurrent verify`. */
export function verifyCommand(): Command {
  return command('verify', 'count a report again from the positions that it records, and compare every number')
    .argument('<report>', 'the report as HTML, Markdown or JSON')
    .addHelpText('after', '\nExit code 0 where every number is the same, 1 where some are not or part of the events is gone.\n\nWith --json: one line with verdict (proven, different, gone), title, compared, differences (where, recorded, now), moreDifferences, gone and notes.')
    .action(async (file: string, options: CommonOptions) => {
      await withExistingWorkspace(options, async (client) => {
        const document = await readReport(file)
        const progress = options.json === true ? undefined : showProgress(client)
        const verification = await client.call('reports.verify', { document }).finally(() => progress?.stop())
        if (options.json === true) await printLine(toJsonLine(verification))
        else await printVerification(verification)
        if (verification.verdict !== 'proven') process.exitCode = 1
      })
    })
}

/** @throws AppError FILE_UNREADABLE */
async function readReport(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${file} cannot be read.`, { hint: 'Check the name, and that you may read it.', cause })
  }
}

async function printVerification({ verdict, title, compared, differences, moreDifferences, gone, notes }: Verification): Promise<void> {
  const said = {
    proven: `proven: ${formatNumber(compared)} numbers and texts are the same, counted again from the recorded positions.`,
    different: `different: ${formatCount(differences.length + moreDifferences, 'value')} of ${formatNumber(compared)} are not what the recorded positions give now.`,
    gone: 'gone: part of the events that it was made from is not there, so its numbers cannot be counted again.',
  }[verdict]
  await printLine(safeText(`${title}: ${said}`))
  for (const sentence of [...gone, ...notes]) await printLine(safeText(`  ${sentence}`))
  if (differences.length > 0) for (const line of formatTable(['where', 'recorded', 'now'], differences.map(({ where, recorded, now }) => [where, recorded, now]))) await printLine(`  ${line}`)
  if (moreDifferences > 0) printNote(`… and ${formatNumber(moreDifferences)} more.`)
}
