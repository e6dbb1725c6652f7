import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** An engine in a process of its own, which can be killed as by a power cut. It says how far it has come, a word a line. */
export class KillableProcess {
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown>
  private output = ''
  private errors = ''

  /** @param script a file of this folder without its ending; its compiled form is run, because Node 20 cannot run the source */
  constructor(script: string, args: readonly string[]) {
    const file = fileURLToPath(new URL(`../../build/e2e/specs/${script}.js`, import.meta.url))
    this.child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.ended = once(this.child, 'exit')
    this.child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()))
    this.child.stderr?.on('data', (text: Buffer) => (this.errors += text.toString()))
  }

  /** How far it has come: the last word that it said, or nothing while it starts. */
  get stage(): string {
    return this.output.trim().split('\n').at(-1) ?? ''
  }

  /** Resolves when the process has said a word. @throws when it ends before */
  async reaches(stage: string): Promise<void> {
    while (!this.output.split('\n').includes(stage)) await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.failure()])
  }

  /** Kills it with SIGKILL. @throws when it had ended by itself */
  async kill(): Promise<void> {
    const wasAlive = this.child.kill('SIGKILL')
    await this.ended
    if (!wasAlive || this.child.signalCode !== 'SIGKILL') throw this.endedByItself()
  }

  private async failure(): Promise<never> {
    await this.ended
    throw this.endedByItself()
  }

  private endedByItself(): Error {
    return new Error(`The process ended by itself (code ${this.child.exitCode ?? 'none'}): ${this.errors}`)
  }
}
