import type { Command } from 'commander'
import type { Client } from '../../../../shared/contract/client.ts'
import type { CommonOptions } from '../../command.ts'

/** The options that every kind has. Times are microseconds since the epoch. */
export interface DiscoverOptions extends CommonOptions {
  readonly since?: bigint
  readonly before?: bigint
  readonly limit?: number
  readonly unit: 'user' | 'session'
  /** Microseconds. */
  readonly sessionGap: bigint
  readonly types?: readonly string[]
  /** False with `--no-collapse`. */
  readonly collapse: boolean
}

/** One kind of finding: how it is asked for on the command line, and how it is printed. */
export interface DiscoverKind<O extends DiscoverOptions = DiscoverOptions> {
  readonly name: 'sequences' | 'undo' | 'recurring' | 'paths'
  /** What `--json` prints, for `--help`. */
  readonly help: string
  /** Adds the options that only this kind has. */
  readonly options: (command: Command) => Command
  /** Asks the engine and prints, as `options.json` says. */
  run(client: Client, options: O): Promise<void>
}

/** The range of time that the options name, as every question has it. */
export function within({ since, before }: DiscoverOptions): { readonly from?: bigint; readonly to?: bigint } {
  return { ...(since === undefined ? {} : { from: since }), ...(before === undefined ? {} : { to: before }) }
}
