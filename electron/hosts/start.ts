#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../shared/errors.ts'
import { orFail } from './command.ts'
import { runDemoShop } from '../engine/demo-workspace.ts'
import { serveUntilStopped } from './commands/serve.ts'
import { findElectron } from './electron-runtime.ts'
import { printNote } from './output.ts'

/** `npm start`: the desktop app on the demo workspace, or the same app in the browser where no desktop can be had. */
const appFolder = fileURLToPath(new URL('../../../', import.meta.url))
const workspace = resolve(process.env.UNDERCURRENT_WORKSPACE ?? './undercurrent-demo')
/** An app that ends sooner than this, and not well, could not open its window. */
const startMs = 5000

const runtime = await findElectron(printNote)
const why = runtime.found ? await runDesktop(runtime.path) : runtime.reason
if (why !== undefined) {
  printNote(`There is no desktop window: ${why}. The same app opens in the browser.`)
  await orFail({}, () => serveUntilStopped({ workspace, port: 0, open: process.env.CI !== 'true' && process.stdout.isTTY }, (server) => runDemoShop(server.engine)))
}
process.exit()

/** Runs the desktop app until it is closed. Resolves with the reason when it could not start. */
function runDesktop(path: string): Promise<string | undefined> {
  const isRoot = process.getuid?.() === 0
  // Chromium refuses its sandbox to root; everyone else keeps it
  const child = spawn(path, [...(isRoot ? ['--no-sandbox'] : []), appFolder, '--workspace', workspace, '--demo'], { stdio: ['inherit', 'inherit', 'pipe'] })
  const started = Date.now()
  let notes = ''
  child.stderr.on('data', (text: Buffer) => {
    notes = `${notes}${text.toString()}`.slice(-10_000)
    process.stderr.write(text)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((done, fail) => {
    child.once('error', (error) => done(error.message))
    child.once('exit', (code) => {
      if (code === 0) { done(undefined); return }
      if (Date.now() - started < startMs) { done(explain(notes, code)); return }
      fail(new AppError('INTERNAL', `Undercurrent has ended with ${code ?? 'a signal'}.`, { hint: 'Nothing that was stored is lost. Start it again.' }))
    })
  })
}

function explain(notes: string, code: number | null): string {
  if (/Missing X server|cannot open display|\$DISPLAY|ozone/i.test(notes)) return 'there is no display'
  const library = /error while loading shared libraries: (\S+)/.exec(notes)?.[1]
  return library === undefined ? `Electron has ended with ${code ?? 'a signal'}` : `Electron needs the system's library ${library.replace(/:$/, '')}`
}
