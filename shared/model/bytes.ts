import { z } from 'zod'

/** Bytes as they came, of whatever buffer. */
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes')
export type Bytes = z.infer<typeof Bytes>
