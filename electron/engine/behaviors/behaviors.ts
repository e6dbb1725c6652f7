import { checkBehaviors, type Vocabulary } from '../../../shared/behavior/check.ts'
import type { FieldKind } from '../../../shared/behavior/check-expression.ts'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import { describeProblem, type Problem } from '../../../shared/behavior/problem.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Detection, Match } from '../../../shared/model/match.ts'
import type { AttributeType } from '../../../shared/model/mapping.ts'
import { readWatermark } from '../store/coverage.ts'
import { typeNames } from '../store/read-users.ts'
import { storedFields } from '../store/read-columns.ts'
import { ResidentColumns } from '../store/resident-columns.ts'
import type { Store } from '../store/store.ts'
import { Question } from './question.ts'
import type { Progress } from './whole-run.ts'

/** What detecting one behavior has given. */
export interface Detected {
  readonly detection: Detection
  readonly matches: readonly Match[]
}

/** So many matches are held in memory rather than in a table. */
const fewMatches = 10_000

const kinds: Readonly<Record<AttributeType | 'key', FieldKind>> = { text: 'text', integer: 'number', number: 'number', boolean: 'boolean', time: 'time', key: 'text' }

/** Behaviors against the events of a store: what is wrong with their text, and what they find. */
export class Behaviors {
  readonly isRunning: (source: string) => boolean
  private readonly store: Store
  private readonly columns = new ResidentColumns()

  constructor(store: Store, isRunning: (source: string) => boolean) {
    this.store = store
    this.isRunning = isRunning
  }

  /** What the workspace knows that a behavior can speak of. */
  async vocabulary(signal: AbortSignal, saved: readonly Behavior[] = []): Promise<Vocabulary> {
    const { database } = this.store
    const fields = await storedFields(database, signal)
    return {
      types: await database.read(typeNames, signal),
      fields: new Map([...fields].map(([path, { type }]) => [path, kinds[type]])),
      keyNames: [...new Set(this.store.listSources().map(({ mapping }) => mapping.key))],
      behaviors: new Map(saved.map(({ name, body }) => [name, body.kind === 'sequence' ? body.by.map(({ path }) => path) : []])),
    }
  }

  /** Everything wrong with a text of behaviors, against this workspace and the behaviors that are saved in it. */
  async check(text: string, signal: AbortSignal, saved: readonly Behavior[] = []): Promise<readonly Problem[]> {
    const { file, problems } = parseBehaviors(text)
    // what could not be read would only be complained of twice
    return problems.length > 0 ? problems : checkBehaviors(file.behaviors, await this.vocabulary(signal, saved))
  }

  /**
   * The behaviors of a text without errors.
   *
   * @throws AppError BAD_REQUEST when the text has an error
   */
  async read(text: string, signal: AbortSignal, saved: readonly Behavior[] = []): Promise<readonly Behavior[]> {
    const problems = (await this.check(text, signal, saved)).filter(({ severity }) => severity === 'error')
    if (problems.length > 0) throw new AppError('BAD_REQUEST', problems.map((problem) => describeProblem(text, problem)).join('\n'), { hint: 'Mend the text and try again.' })
    return parseBehaviors(text).file.behaviors
  }

  /**
   * Finds the matches of every behavior of a text, in its order.
   *
   * @param sample about so many events are looked at, in whole keys
   * @param limit how many matches of each are handed over; all are counted
   * @throws AppError BAD_REQUEST when the text has an error, or a behavior is too expensive
   */
  async detect(text: string, signal: AbortSignal, { limit = 5_000_000, sample, progress, saved = [] }: { readonly limit?: number; readonly sample?: number; readonly progress?: Progress; readonly saved?: readonly Behavior[] } = {}): Promise<readonly Detected[]> {
    const behaviors = await this.read(text, signal, saved)
    const question = await this.ask(signal)
    try {
      const detected: Detected[] = []
      const bases = new Set(behaviors.map(({ body }) => (body.kind === 'population' ? body.base : undefined)))
      for (const behavior of behaviors) {
        if (limit <= fewMatches && !bases.has(behavior.name)) {
          const counted = await question.count(behavior, limit, { ...(sample === undefined ? {} : { sample }), ...(progress === undefined ? {} : { progress }) })
          if (counted !== undefined) {
            detected.push(counted)
            continue
          }
        }
        const detection = await question.find(behavior, [...behaviors, ...saved], { ...(sample === undefined ? {} : { sample }), ...(progress === undefined ? {} : { progress }) })
        detected.push({ detection, matches: limit === 0 ? [] : await question.matches(behavior.name, limit) })
      }
      return detected
    } finally {
      await question.close()
    }
  }

  /** Begins to ask for behaviors; the question must be closed. */
  async ask(signal: AbortSignal): Promise<Question> {
    return Question.open(this.store, this.columns, signal, this.isRunning)
  }

  /** Gives back what is held in memory for the next question. */
  close(): void {
    this.columns.clear()
  }

  /** Microseconds; -Infinity without events. */
  async watermark(signal: AbortSignal): Promise<number> {
    return this.store.database.read((connection) => readWatermark(connection, this.store.listSources(), this.isRunning), signal)
  }
}
