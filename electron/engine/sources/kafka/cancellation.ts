import { AppError } from '../../../../shared/errors.ts'

/** @throws AppError CANCELLED when the signal has been aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('CANCELLED', 'Cancelled.', { cause: signal.reason })
}
