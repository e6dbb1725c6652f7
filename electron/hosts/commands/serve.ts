import { createInterface } from 'node:readline'
import { Option, type Command } from 'commander'
import { command, orFail, type CommonOptions } from '../command.ts'
import { printLine, printNote, toJsonLine } from '../output.ts'
import { openBrowser } from '../serve/open-browser.ts'
import { startServer } from '../serve/server.ts'
import { wholeNumber } from '../values.ts'
import { appVersion } from '../version.ts'

interface Options extends CommonOptions {
  readonly port: number
  readonly open?: boolean
}

/** `undercurrent serve`. */
export function serveCommand(): Command {
  return command('serve', 'show a workspace in a browser of this machine')
    .addOption(new Option('--port <n>', 'the port on 127.0.0.1; 0 for any that is free').argParser(wholeNumber(0, 65_535)).default(0))
    .option('--open', 'open the browser')
    .addHelpText('after', '\nEach printed link works once. Press Enter for another, Ctrl+C to end. With --json: one line with url, once it can be opened.')
    .action(async (options: Options) => orFail(options, () => serveUntilStopped(options)))
}

/** Serves a workspace until the process is asked to end. `why` is said first: it tells why there is no window. */
export async function serveUntilStopped({ workspace, port, open = false, json = false, why }: Options & { readonly why?: string }, prepare?: (server: Awaited<ReturnType<typeof startServer>>) => Promise<void>): Promise<void> {
  const server = await startServer({ workspace, port, version: appVersion })
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => {
      resolve()
      // asked twice: whoever waits has waited enough
      process.once(signal, () => process.exit(1))
    })
  })
  await prepare?.(server)
  const url = server.newLink()
  if (why !== undefined) printNote(why)
  if (json) await printLine(toJsonLine({ url }))
  else await printLine(`Undercurrent is open at ${url}\n(the link works once; Enter prints another, Ctrl+C ends)`)
  if (open) {
    const problem = await openBrowser(url)
    if (problem !== undefined) printNote(`The browser could not be opened (${problem}); open the link yourself.`)
  }
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => void printLine(json ? toJsonLine({ url: server.newLink() }) : server.newLink()))
  await stopped
  lines.close()
  if (!json) printNote('Closing the workspace…')
  await server.close()
}

