import { z } from 'zod'

/** Every code an error may carry. Closed: what is not listed here is a bug and is reported as INTERNAL. */
export const ErrorCode = z.enum([
  'BAD_REQUEST',
  'BAD_MAPPING',
  'CANCELLED',
  'CONFLICT',
  'CONNECT_DNS',
  'CONNECT_TCP',
  'CONNECT_TLS',
  'CONNECT_SASL',
  'CONNECT_AUTHORIZATION',
  'CONNECT_TOPIC',
  'CONNECT_REGISTRY',
  'CONNECT_PROTOCOL',
  'FILE_UNREADABLE',
  'FILE_UNWRITABLE',
  'ALREADY_IMPORTED',
  'INTERNAL',
  'NOT_FOUND',
  'OFFSET_GONE',
  'SECRET_MISSING',
  'SECRETS_UNAVAILABLE',
  'STORE_FULL',
  'WORKSPACE_LOCKED',
  'WORKSPACE_NEWER',
  'WORKSPACE_UNUSABLE',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** An error as plain data, fit for any port: what happened, and what to do about it. */
export const Failure = z.object({ code: ErrorCode, message: z.string(), hint: z.string().optional() })
export type Failure = z.infer<typeof Failure>

/** An error that a person can act on. Everything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }
}

/** Turns whatever was thrown into plain data; an unknown error becomes INTERNAL and keeps its message. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    return error.hint === undefined
      ? { code: error.code, message: error.message }
      : { code: error.code, message: error.message, hint: error.hint }
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
}

/** The inverse of {@link toFailure}: what a caller on the other side of a port throws. */
export function fromFailure(failure: Failure): AppError {
  return new AppError(failure.code, failure.message, failure.hint === undefined ? {} : { hint: failure.hint })
}
