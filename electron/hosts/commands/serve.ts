import { createInterface } from 'node:readline'
import { Option, type Command } from 'commander'
import { command, orFail, type CommonOptions } from '../command.ts'
import { printLine, printNote, toJsonLine } from '../output.ts'
import { openBrowser } from '../serve/open-browser.ts'
import { startServer, type Server } from '../serve/server.ts'
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

/**
 * Serves a workspace until the process is asked to end. `prepare` is done before the link is shown.
 *
 * @throws AppError as {@link startServer} does; whatever `prepare` throws, with the workspace closed
 */
export async function serveUntilStopped({ workspace, port, open = false, json = false }: Options, prepare?: (server: Server) => Promise<void>): Promise<void> {
  const server = await startServer({ workspace, port, version: appVersion })
  const stopped = stopSignal()
  let signal: NodeJS.Signals
  try {
    await prepare?.(server)
    const show = (url: string, text = url): Promise<void> => printLine(json ? toJsonLine({ url }) : text)
    await show(server.url, `Undercurrent is open at ${server.url}\n(the link works once; Enter prints another, Ctrl+C ends)`)
    createInterface({ input: process.stdin }).on('line', () => void show(server.newLink()))
    if (open) void openBrowser(server.url).then((problem) => problem !== undefined && printNote(`The browser could not be opened (${problem}); open the link yourself.`))
    signal = await stopped
    // after a hang-up there is no terminal left to write to
    if (!json && signal !== 'SIGHUP') printNote('Closing the workspace…')
  } finally {
    await server.close()
  }
  if (signal === 'SIGHUP') {
    // nor one that Node could put back into order, which makes its own way out an abort
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  }
}

/** The first signal that asks this process to end. The second ends it: whoever asks twice has waited enough. */
function stopSignal(): Promise<NodeJS.Signals> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.once(signal, () => {
        for (const next of signals) process.on(next, () => process.exit(1))
        resolve(signal)
      })
    }
  })
}
