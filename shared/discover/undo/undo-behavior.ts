import { writtenBehavior, writtenStep } from '../written.ts'

/** The behavior that finds what was taken back: its sequences are the pairs of user and value that were counted. */
export function undoBehavior(first: string, undo: string, attribute: string, user = 'user'): string {
  return writtenBehavior(`${first} undone by ${undo}`, [user, attribute], [writtenStep(first, 'done'), writtenStep(undo, 'undone')])
}
