import type { Report, SourceReport } from './model.ts'
import { shownText } from './text.ts'

/** The commands that read the same positions and find the same matches, for a shell. */
export function reproduceCommands({ data: { sources }, asked }: Report): { readonly commands: readonly string[]; readonly files: { readonly definitions: string } } {
  const definitions = 'report.behavior'
  return {
    files: { definitions },
    commands: [...sources.flatMap(readCommands), `undercurrent detect ${definitions} --workspace W --json`, `undercurrent report ${definitions}${asked.names.length === 0 ? '' : ` ${asked.names.map(quote).join(' ')}`} --workspace W --format html --out .`, 'undercurrent verify REPORT.html --workspace W'],
  }
}

function readCommands({ name, kind, topic, brokers, mapping, latenessMs, partitions }: SourceReport): readonly string[] {
  const attributes = mapping.attributes.map((attribute) => `${attribute.name}=${attribute.path}:${attribute.type}`).join(',')
  const options = `\\\n  --map ${quote(`key=${mapping.key},type=${mapping.type},time=${mapping.time}`)} \\\n  --attributes ${quote(attributes)} \\\n  --time-format ${mapping.timeFormat} --lateness ${latenessMs}ms --workspace W`
  if (kind === 'demo') return ['# the demo shop goes on by its seed: undercurrent demo --workspace W']
  if (kind === 'file') return partitions.flatMap(({ file }) => (file === undefined ? [] : [`undercurrent import ${quote(file.name)} --source ${quote(name)} ${options}`]))
  return [`undercurrent tail --brokers ${quote(brokers.join(','))} --topic ${quote(topic)} --from beginning --until now ${options}`]
}

/** A word for a POSIX shell: whatever it holds, it stays one word and runs nothing. */
function quote(word: string): string {
  const visible = shownText(word, 4000)
  return /^[\w@%+=:,./-]+$/.test(visible) ? visible : `'${visible.replaceAll("'", `'\\''`)}'`
}
