import { execFile } from 'node:child_process'

/** The built command. */
export const program = new URL('../../build/electron/hosts/undercurrent.js', import.meta.url).pathname

/** What a command has said. */
export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command in a folder, as a user would. */
export function undercurrent(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 28, env: { ...process.env, ...environment } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** The lines of JSON that a command has printed. */
export function lines<T>({ stdout }: Run): T[] {
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as T)
}
