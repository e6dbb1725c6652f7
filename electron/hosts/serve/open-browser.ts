import { spawn } from 'node:child_process'

/**
 * Opens a link in the system's browser. Resolves when whatever opens it has ended: with what went wrong, or with undefined.
 * Nobody needs to wait for that: some systems open the browser itself, which then runs for as long as it is used.
 */
export function openBrowser(url: string): Promise<string | undefined> {
  const [program, ...args] = process.platform === 'darwin' ? ['open', url] as const : process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', url] as const : ['xdg-open', url] as const
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true })
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code) => resolve(code === 0 ? undefined : `${program} has ended with ${code ?? 'a signal'}`))
    child.unref()
  })
}
