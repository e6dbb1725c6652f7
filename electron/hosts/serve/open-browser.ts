import { spawn } from 'node:child_process'

/** Opens a link in the system's browser. Resolves with what went wrong, or undefined when it was handed over. */
export function openBrowser(url: string): Promise<string | undefined> {
  const [program, ...args] = process.platform === 'darwin' ? ['open', url] : process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', url] : ['xdg-open', url]
  return new Promise((resolve) => {
    const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true })
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code) => resolve(code === 0 ? undefined : `${program ?? ''} has ended with ${code ?? 'a signal'}`))
    child.once('spawn', () => child.unref())
    // a browser that was started by this may stay in the foreground
    setTimeout(() => resolve(undefined), 3000).unref()
  })
}
