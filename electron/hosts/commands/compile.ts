import { Option, type Command } from 'commander'
import { toDuckdb } from '../../../shared/behavior/compile/duckdb.ts'
import type { CompileSource } from '../../../shared/behavior/compile/fields.ts'
import { toFlink } from '../../../shared/behavior/compile/flink.ts'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import type { Client } from '../../../shared/contract/client.ts'
import { AppError } from '../../../shared/errors.ts'
import { readBehaviors } from '../behavior-text.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { printLine, toJsonLine } from '../output.ts'

interface Options extends CommonOptions {
  readonly to: 'flink' | 'duckdb'
  readonly name?: string
}

const help = `
--to flink: Flink SQL 1.20 or newer, for its SQL client: a table for each source of the workspace by its connection and
mapping, MATCH_RECOGNIZE, and a topic of matches as CloudEvents. Passwords are never written: a comment says where one goes.
--to duckdb: a query over the workspace's own database file, for DuckDB 1.4 or newer.
What a target cannot say in the very same meaning is refused, naming the clause with its line and column.

With --json: one line a behavior with behavior, target and sql.`

/** `undercurrent compile`. */
export function compileCommand(): Command {
  return command('compile', 'print a behavior as SQL for another engine, such as Apache Flink')
    .argument('<file or name>', 'a .behavior file, - for standard input, or the name of a behavior that is saved')
    .addOption(new Option('--to <target>', 'for which engine').choices(['flink', 'duckdb']).makeOptionMandatory())
    .option('--name <behavior>', 'only this one of the file')
    .addHelpText('after', help)
    .action(async (given: string, options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const { text, name: saved } = await readBehaviors(client, given)
        await checked(client, text)
        const wanted = chosen(parseBehaviors(text).file.behaviors, options.name ?? saved)
        const sources = await client.call('sources.list', {})
        // all before any is printed: half a file of statements helps nobody
        const compiled = wanted.map((behavior, index) => ({ behavior: behavior.name, sql: compileTo(options.to, text, behavior, sources, wanted.length === 1 ? '' : `b${index + 1}_`) }))
        for (const { behavior, sql } of compiled) await printLine(options.json === true ? toJsonLine({ behavior, target: options.to, sql }) : sql)
      })
    })
}

function compileTo(target: Options['to'], text: string, behavior: Behavior, sources: readonly CompileSource[], prefix: string): string {
  return target === 'flink' ? toFlink(text, behavior, sources, { prefix }).text : toDuckdb(text, behavior, sources).text
}

/** @throws AppError BAD_REQUEST for a text that has errors */
async function checked(client: Client, text: string): Promise<void> {
  const problem = (await client.call('behaviors.check', { text })).find(({ severity }) => severity === 'error')
  if (problem === undefined) return
  const { line, column, message, suggestion } = problem
  throw new AppError('BAD_REQUEST', `${line}:${column}: ${message}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`, { hint: '`undercurrent check` names everything that is wrong.' })
}

/** @throws AppError NOT_FOUND where the file has none of that name */
function chosen(behaviors: readonly Behavior[], name: string | undefined): readonly Behavior[] {
  const found = name === undefined ? behaviors : behaviors.filter((behavior) => behavior.name === name)
  if (found.length > 0) return found
  throw new AppError('NOT_FOUND', name === undefined ? 'There is no behavior in this text.' : `There is no behavior named "${name}" in this text.`, behaviors.length === 0 ? {} : { hint: `It has ${behaviors.map((behavior) => `"${behavior.name}"`).join(', ')}.` })
}
