import type { CallHandlers } from '../../../shared/contract/service.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import type { Behaviors } from '../behaviors/behaviors.ts'
import type { SavedBehaviors } from '../behaviors/saved.ts'
import type { Emit } from '../runs/runs.ts'
import type { Store } from '../store/store.ts'
import { askDifference } from './region.ts'
import { askWhy } from './why.ts'

/** Questions after reasons, about behaviors and about regions of charts. */
export class Questions {
  private readonly store: Store
  private readonly behaviors: Behaviors
  private readonly saved: SavedBehaviors
  private readonly emit: Emit

  constructor(store: Store, behaviors: Behaviors, saved: SavedBehaviors, emit: Emit) {
    this.store = store
    this.behaviors = behaviors
    this.saved = saved
    this.emit = emit
  }

  handlers(): Pick<CallHandlers<AbortSignal>, 'why.ask' | 'why.different'> {
    const progress = (share: number): void => this.emit('job.progress', { job: 'why', done: Math.round(share * 100), total: 100 })
    return {
      'why.ask': async ({ text, name, against, steps, knowledge }, signal) => {
        const behavior = await this.behavior(text, name, signal)
        const rival = against === undefined ? undefined : await this.behavior(text, against, signal)
        return askWhy(this.store, { behavior, knowledge, against: rival, steps }, await this.behaviors.watermark(signal), signal, progress)
      },
      'why.different': ({ region, knowledge }, signal) => askDifference(this.store, { region, knowledge }, signal, progress),
    }
  }

  /** One behavior of a text, or one that is saved. @throws AppError NOT_FOUND, BAD_REQUEST */
  private async behavior(text: string | undefined, name: string | undefined, signal: AbortSignal): Promise<Behavior> {
    const saved = this.saved.definitions()
    const given = text === undefined ? [] : await this.behaviors.read(text, signal, saved)
    // what is saved can be named as well
    const all = name === undefined && text !== undefined ? given : [...given, ...saved]
    if (name === undefined && all.length > 1) throw new AppError('BAD_REQUEST', `There are ${all.length} behaviors: one has to be chosen.`, { hint: `They are ${all.map((one) => `"${one.name}"`).join(', ')}.` })
    const found = all.find((one) => name === undefined || one.name === name)
    if (found === undefined) throw new AppError('NOT_FOUND', name === undefined ? 'There is no behavior in this text.' : `There is no behavior named "${name}".`, { hint: all.length === 0 ? 'Begin with: sequence "a name" by user' : `There are ${all.map((one) => `"${one.name}"`).join(', ')}.` })
    return found
  }
}
