import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'

/**
 * Waits for an answer of a cluster no longer than `limitMs`, and no longer than until the signal. KafkaJS waits for ever where a connection ends while it is
 * being made; what it does then is given up, and nobody hears of it any more.
 *
 * @throws KafkaJSConnectionError when the time is over: trying again can help; the signal's reason when it is aborted
 */
export async function within<T>(limitMs: number, answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  const answered = new AbortController()
  const either = signal === undefined ? answered.signal : AbortSignal.any([answered.signal, signal])
  const late = sleep(limitMs, undefined, { signal: either }).then(() => Promise.reject(new kafkajs.KafkaJSConnectionError(`no answer within ${limitMs} ms`)))
  try {
    return await Promise.race([answer, late])
  } finally {
    answer.catch(() => undefined)
    late.catch(() => undefined)
    answered.abort()
  }
}
