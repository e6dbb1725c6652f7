import type { Service } from '../../shared/contract/service.ts'

/** Stands in for an engine that there is none of: every question is answered with the reason, which `fail` throws. */
export function failingService(fail: () => Promise<never>): Service<AbortSignal> {
  const failingStream = (): AsyncIterable<Uint8Array> => ({ [Symbol.asyncIterator]: () => ({ next: fail }) })
  return {
    calls: new Proxy({}, { get: () => fail }) as Service<AbortSignal>['calls'],
    streams: new Proxy({}, { get: () => failingStream }) as Service<AbortSignal>['streams'],
    subscribe: () => () => undefined,
  }
}
