import { execFile } from 'node:child_process'

export interface RunOptions {
  cwd?: string
  /** Milliseconds after which the command is killed and the call rejects. */
  timeout?: number
}

/**
 * Runs a command to its end and resolves its standard output followed by its standard error.
 * @throws when the command does not exist, exits with another code than 0, or takes too long; the message ends with
 * the last lines that it printed
 */
export function run(command: string, args: readonly string[], { cwd, timeout = 60_000 }: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout, maxBuffer: 64 * 2 ** 20, killSignal: 'SIGKILL' as const, ...(cwd === undefined ? {} : { cwd }) }
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout + stderr)
        return
      }
      const output = (stdout + stderr).trim().split('\n').slice(-8).join('\n')
      reject(new Error(`${command} failed: ${output === '' ? error.message : output}`, { cause: error }))
    })
    // A command that asks something must not wait for an answer that never comes.
    child.stdin?.end()
  })
}
