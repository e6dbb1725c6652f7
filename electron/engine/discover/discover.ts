import type { CallHandlers } from '../../../shared/contract/service.ts'
import type { Behaviors } from '../behaviors/behaviors.ts'
import type { Emit } from '../runs/runs.ts'
import type { Store } from '../store/store.ts'
import { discoverPaths } from './paths.ts'
import { discoverRecurring } from './recurring.ts'
import { discoverSequences } from './sequences.ts'
import { discoverUndo } from './undo.ts'

type DiscoverHandlers = Pick<CallHandlers<AbortSignal>, Extract<keyof CallHandlers<AbortSignal>, `discover.${string}`>>

/** What every kind of finding is looked for in. */
export interface Asked {
  readonly store: Store
  readonly behaviors: Behaviors
  readonly signal: AbortSignal
  /** How far it is: a share from 0 to 1. */
  readonly progress: (share: number) => void
}

/** Proposes behaviors that nobody has asked for. */
export class Discover {
  private readonly parts: Omit<Asked, 'signal'>

  constructor(store: Store, behaviors: Behaviors, emit: Emit) {
    this.parts = { store, behaviors, progress: (share) => emit('job.progress', { job: 'discover', done: Math.round(share * 1000), total: 1000 }) }
  }

  handlers(): DiscoverHandlers {
    return {
      'discover.sequences': (question, signal) => discoverSequences(this.asked(signal), question),
      'discover.undo': (question, signal) => discoverUndo(this.asked(signal), question),
      'discover.paths': (question, signal) => discoverPaths(this.asked(signal), question),
      'discover.recurring': (question, signal) => discoverRecurring(this.asked(signal), question),
    }
  }

  protected asked(signal: AbortSignal): Asked {
    return { ...this.parts, signal }
  }
}
