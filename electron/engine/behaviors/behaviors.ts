import { checkBehaviors, type Vocabulary } from '../../../shared/behavior/check.ts'
import type { FieldKind } from '../../../shared/behavior/check-expression.ts'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import { describeProblem, type Problem } from '../../../shared/behavior/problem.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Detection, Match } from '../../../shared/model/match.ts'
import type { AttributeType } from '../../../shared/model/mapping.ts'
import { findCrowd } from './crowd.ts'
import { detectSequence } from './detect.ts'
import { findChains } from './chains.ts'
import { listTypes } from '../store/read-users.ts'
import { storedFields } from '../store/read-columns.ts'
import type { Store } from '../store/store.ts'

/** What detecting one behavior has given. */
export interface Detected {
  readonly detection: Detection
  readonly matches: readonly Match[]
}

const kinds: Readonly<Record<AttributeType | 'key', FieldKind>> = { text: 'text', integer: 'number', number: 'number', boolean: 'boolean', time: 'time', key: 'text' }

/** Behaviors against the events of a store: what is wrong with their text, and what they find. */
export class Behaviors {
  private readonly store: Store

  constructor(store: Store) {
    this.store = store
  }

  /** What the workspace knows that a behavior can speak of. */
  async vocabulary(signal: AbortSignal): Promise<Vocabulary> {
    const { database } = this.store
    const types = await database.read((connection) => listTypes(connection), signal)
    const fields = await storedFields(database, signal)
    return {
      types: types.map(({ type }) => type),
      fields: new Map([...fields].map(([path, { type }]) => [path, kinds[type]])),
      keyNames: [...new Set(this.store.listSources().map(({ mapping }) => mapping.key))],
      behaviors: new Map(),
    }
  }

  /** Everything wrong with a text of behaviors, against this workspace. */
  async check(text: string, signal: AbortSignal): Promise<readonly Problem[]> {
    const { file, problems } = parseBehaviors(text)
    // what could not be read would only be complained of twice
    return problems.length > 0 ? problems : checkBehaviors(file.behaviors, await this.vocabulary(signal))
  }

  /**
   * Finds the matches of every behavior of a text, in its order.
   *
   * @throws AppError BAD_REQUEST when the text has an error, or a behavior is too expensive
   */
  async detect(text: string, signal: AbortSignal, progress?: (events: number) => void): Promise<readonly Detected[]> {
    const problems = (await this.check(text, signal)).filter(({ severity }) => severity === 'error')
    if (problems.length > 0) throw new AppError('BAD_REQUEST', problems.map((problem) => describeProblem(text, problem)).join('\n'), { hint: 'Mend the text and try again.' })
    const { behaviors } = parseBehaviors(text).file
    const detected = new Map<string, Detected>()
    for (const behavior of behaviors) await this.detectOne(behavior, behaviors, detected, signal, progress)
    return behaviors.map(({ name }) => detected.get(name)).filter((one) => one !== undefined)
  }

  private async detectOne(behavior: Behavior, all: readonly Behavior[], detected: Map<string, Detected>, signal: AbortSignal, progress?: (events: number) => void): Promise<Detected> {
    const known = detected.get(behavior.name)
    if (known !== undefined) return known
    const { body } = behavior
    let found: Detected
    if (body.kind === 'population') {
      const base = all.find(({ name }) => name === body.base)
      if (base === undefined) throw new AppError('NOT_FOUND', `There is no behavior "${body.base}".`)
      found = findCrowd(behavior, body, base, await this.detectOne(base, all, detected, signal, progress))
    } else {
      const sequence = await detectSequence(this.store, behavior, body, signal, progress === undefined ? {} : { progress })
      found = body.every === undefined ? sequence : findChains(behavior, body.every, sequence)
    }
    detected.set(behavior.name, found)
    return found
  }
}
