#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { behaviorsCommand, explainCommand } from './commands/behaviors.ts'
import { compileCommand } from './commands/compile.ts'
import { checkCommand, detectCommand } from './commands/detect.ts'
import { importCommand } from './commands/import.ts'
import { deadLettersCommand } from './commands/dead-letters.ts'
import { discoverCommand } from './commands/discover.ts'
import { demoCommand } from './commands/demo.ts'
import { mapCommand, retryCommand } from './commands/map.ts'
import { reportCommand } from './commands/report.ts'
import { retentionCommand } from './commands/retention.ts'
import { serveCommand } from './commands/serve.ts'
import { statsCommand } from './commands/stats.ts'
import { tailCommand } from './commands/tail.ts'
import { timelineCommand } from './commands/timeline.ts'
import { diagnoseCommand, topicsCommand } from './commands/topics.ts'
import { usersCommand } from './commands/users.ts'
import { verifyCommand } from './commands/verify.ts'
import { whyCommand } from './commands/why.ts'
import { appVersion } from './version.ts'

/** The command line. Exit codes: 0 done, 1 failed, 2 bad usage. */
const program = new Command('undercurrent')
  .description('See what people do in your event streams: tail Kafka into DuckDB, follow every user.')
  .version(appVersion)
  .showHelpAfterError('(--help lists the commands)')
const commands = [tailCommand(), importCommand(), demoCommand(), topicsCommand(), diagnoseCommand(), usersCommand(), timelineCommand(), statsCommand(), deadLettersCommand(), mapCommand(), retryCommand(), retentionCommand(), detectCommand(), checkCommand(), compileCommand(), behaviorsCommand(), explainCommand(), whyCommand(), discoverCommand(), reportCommand(), verifyCommand(), serveCommand()]
for (const command of commands) program.addCommand(command)
for (const command of [program, ...commands]) command.exitOverride()

// a reader that closes early, such as head, has seen enough
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
// without a reader of the notes the work itself goes on
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // help and version are no errors, and commander has said already what is wrong with the rest
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
// a connection attempt that was given up may keep its socket for half a minute: nobody waits for it once all is written
process.stdout.write('', () => process.exit())
