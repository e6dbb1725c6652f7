import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'

/**
 * Wraps a command for `startInBackground`: a shell turns into the command, with a watcher beside it. When the other end
 * of standard input closes, which also happens when Node is killed without a chance to clean up, the watcher kills its
 * process group, which holds nothing but the command and the watcher.
 */
export function watched(command: readonly string[]): string[] {
  return ['sh', '-c', 'exec 3<&0; { cat <&3 >/dev/null; kill -KILL 0; } & exec "$@" 3<&- </dev/null', 'sh', ...command]
}

export interface BackgroundProcess {
  /** Whether the process still runs. */
  running: () => boolean
  /** Sends a signal that does not end the process, such as SIGSTOP and SIGCONT. */
  signal: (signal: 'SIGSTOP' | 'SIGCONT') => Promise<void>
  /** Sends a signal and resolves when the process has ended; at once if it already has. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** Last lines of what the process printed. */
  lastLines: (count: number) => Promise<string>
}

/**
 * Starts a command that reads standard input to its end and then ends itself: see `watched`. POSIX only.
 * @param logFile file to which its output is appended
 * @param sendSignal how to reach the real process when the command is only its front (docker); the command itself by default
 */
export function startInBackground(command: readonly string[], logFile: string, sendSignal?: (signal: string) => Promise<unknown>): BackgroundProcess {
  const [file = '', ...args] = command
  const log = openSync(logFile, 'a')
  // A group of its own, so that Ctrl+C in the terminal reaches only Node, which then decides the order of things.
  const child = spawn(file, args, { detached: true, stdio: ['pipe', log, log] })
  closeSync(log)
  const send = async (signal: NodeJS.Signals): Promise<void> => {
    if (sendSignal === undefined) child.kill(signal)
    else await sendSignal(signal)
  }
  let running = true
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      running = false
      resolve()
    }
    child.once('exit', finish)
    child.once('error', finish)
  })
  // Neither the process nor the pipe to its watcher may keep a finished test run alive.
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  // The process may end while the pipe is still open: no news.
  child.stdin?.on('error', () => child.stdin?.destroy())
  return {
    running: () => running,
    signal: async (signal) => {
      if (running) await send(signal)
    },
    end: async (signal) => {
      if (!running) return
      child.ref()
      await send(signal)
      await ended
    },
    lastLines: async (count) => (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-count).join('\n'),
  }
}
