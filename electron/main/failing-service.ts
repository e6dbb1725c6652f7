import type { Service } from '../../shared/contract/service.ts'
import { fromFailure, type Failure } from '../../shared/errors.ts'

/** Stands in for an engine that there is none of: every question is answered with the reason. */
export function failingService(failure: Failure): Service<AbortSignal> {
  const fail = (): never => {
    throw fromFailure(failure)
  }
  return {
    calls: new Proxy({}, { get: () => fail }) as Service<AbortSignal>['calls'],
    streams: new Proxy({}, { get: () => fail }) as Service<AbortSignal>['streams'],
    subscribe: () => () => undefined,
  }
}
