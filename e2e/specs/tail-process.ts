import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Mapping } from '../../shared/model/mapping.ts'

/** What a tail in a process of its own works on. */
export interface TailProcessOptions {
  readonly workspace: string
  readonly broker: string
  readonly topic: string
  readonly mapping: Mapping
}

/** The compiled child; a source file cannot be run by Node 20, and the build comes before the tests. */
const script = fileURLToPath(new URL('../../build/e2e/specs/tail-child.js', import.meta.url))

/** A tail in a process of its own, which can be killed as a power cut would. */
export class TailProcess {
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown>
  private output = ''
  private errors = ''

  constructor({ workspace, broker, topic, mapping }: TailProcessOptions) {
    this.child = spawn(process.execPath, [script, workspace, broker, topic, JSON.stringify(mapping)], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.ended = once(this.child, 'exit')
    this.child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()))
    this.child.stderr?.on('data', (text: Buffer) => (this.errors += text.toString()))
  }

  /** How far it has come: the last word that it said, or nothing while it starts. */
  get stage(): string {
    return this.output.trim().split('\n').at(-1) ?? ''
  }

  /** Resolves when the tail has said a word. @throws when it ends before */
  async reaches(stage: string): Promise<void> {
    while (!this.output.split('\n').includes(stage)) await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.failure()])
  }

  /** Kills it with SIGKILL. @throws when it had ended by itself: a tail without end never does */
  async kill(): Promise<void> {
    const wasAlive = this.child.kill('SIGKILL')
    await this.ended
    if (!wasAlive || this.child.signalCode !== 'SIGKILL') throw new Error(`The tail ended by itself (code ${this.child.exitCode ?? 'none'}): ${this.errors}`)
  }

  private async failure(): Promise<never> {
    await this.ended
    throw new Error(`The tail ended by itself (code ${this.child.exitCode ?? 'none'}): ${this.errors}`)
  }
}
