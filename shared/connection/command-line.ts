import type { Entry } from './properties.ts'

/** Tells whether a text is a kcat or Kafka command line, or a list of kcat's `-X key=value`. */
export function isCommandLine(text: string): boolean {
  return /^[ \t]*(?:\$[ \t]*)?(?:\S*\/)?(?:kcat|kafkacat|kafka-[\w-]+(?:\.sh|\.bat)?)\s/m.test(text) || /(?:^|\s)-X\s*['"]?[\w.]+=/.test(text)
}

/** Options that name brokers or a registry, in kcat and in Kafka's own tools. */
const named: Readonly<Record<string, string>> = {
  '-b': 'bootstrap.servers',
  '--bootstrap-server': 'bootstrap.servers',
  '--broker-list': 'bootstrap.servers',
  '-r': 'schema.registry.url',
}
const pairOptions = ['-X', '--property', '--consumer-property', '--producer-property', '--command-property']

/** Reads the settings out of a command line. Other options, such as the topic, are passed over. */
export function readCommandLine(text: string): Entry[] {
  const entries: Entry[] = []
  const words = splitWords(text)
  for (const [index, word] of words.entries()) {
    const next = words[index + 1] ?? ''
    const [option = '', inline] = word.startsWith('--') ? word.split(/=(.*)/s) : [word]
    const key = named[option]
    if (key !== undefined) entries.push({ key, value: inline ?? next })
    else if (pairOptions.includes(option)) entries.push(...pairEntry(inline ?? next))
    else if (word.startsWith('-X')) entries.push(...pairEntry(word.slice(2)))
  }
  return entries
}

function pairEntry(text: string): Entry[] {
  const equals = text.indexOf('=')
  return equals > 0 ? [{ key: text.slice(0, equals), value: text.slice(equals + 1) }] : []
}

/** Splits as a POSIX shell does: quotes and backslashes, no expansion. */
function splitWords(text: string): string[] {
  const word = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs
  return [...text.replace(/\\\r?\n/g, ' ').matchAll(word)].map(([raw]) =>
    raw.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
      single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? ''))
}
