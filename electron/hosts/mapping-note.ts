import type { SourceState } from '../../shared/model/workspace.ts'
import { safeText } from './output.ts'

/** What events of a source are read by: guesses, mostly, so that whoever sees them can correct them. */
export function mappingNotes({ name, kind, mapping: { key, type, time, timeFormat, attributes } }: Pick<SourceState, 'name' | 'kind' | 'mapping'>): readonly string[] {
  const form = time === '$broker_time' ? '' : ` (${timeFormat})`
  const notes = [`${name}: key ${key}, type ${type}, time ${time}${form}, ${attributes.length === 0 ? 'no attributes' : `attributes ${attributes.map((attribute) => attribute.name).join(', ')}`}`]
  // a record of Kafka has both; a row of a file has neither
  if (kind === 'file' && key === '$key') notes.push('No field says who an event belongs to: no user will have any. --map key=FIELD names one.')
  if (kind === 'file' && time === '$broker_time') notes.push('No field says when an event happened: all have the time of the file. --map time=FIELD names one.')
  return notes.map(safeText)
}
