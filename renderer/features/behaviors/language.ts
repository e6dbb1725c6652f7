import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { linter, type Diagnostic } from '@codemirror/lint'
import { Decoration, EditorView, RangeSetBuilder, ViewPlugin, type DecorationSet, type Extension, type ViewUpdate } from '@uiw/react-codemirror'
import { colorTokens, type TokenRole } from '../../../shared/behavior/tokens.ts'
import type { CallOutput } from '../../../shared/contract/calls.ts'

export type Vocabulary = CallOutput<'behaviors.vocabulary'>
export type Problem = CallOutput<'behaviors.check'>[number]

const marks = Object.fromEntries((['keyword', 'name', 'number', 'duration', 'string', 'operator', 'punctuation', 'comment'] as const).map((role) => [role, Decoration.mark({ class: `behavior-${role}` })])) as Readonly<Record<TokenRole, Decoration>>

/** Colors the text by the tokens of the language's own lexer: there is one grammar for the engine and the editor. */
const coloring = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = decorate(view)
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = decorate(update.view)
    }
  },
  { decorations: ({ decorations }) => decorations },
)

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { start, end, role } of colorTokens(view.state.doc.toString())) if (end > start) builder.add(start, end, marks[role])
  return builder.finish()
}

/** The language in an editor: colors, completion from the workspace, and the engine's problems where they are. */
export function behaviorLanguage(vocabulary: Vocabulary | undefined, check: (text: string) => Promise<readonly Problem[]>): Extension {
  return [
    coloring,
    autocompletion({ override: [(context) => complete(context, vocabulary)], icons: false }),
    linter(async (view) => (await check(view.state.doc.toString())).map((problem): Diagnostic => toDiagnostic(problem, view.state.doc.length)), { delay: 300 }),
  ]
}

function toDiagnostic({ severity, message, start, end, suggestion }: Problem, length: number): Diagnostic {
  const from = Math.min(start, length)
  const to = Math.min(Math.max(end, start + 1), length)
  const mend = suggestion === undefined ? {} : { actions: [{ name: `Change to ${suggestion}`, apply: (view: EditorView, at: number, until: number): void => view.dispatch({ changes: { from: at, to: until, insert: suggestion } }) }] }
  return { from: Math.min(from, to), to, severity, message: suggestion === undefined ? message : `${message}; did you mean ${suggestion}?`, ...mend }
}

const clauses: readonly Completion[] = [
  { label: 'then', detail: 'the next step', type: 'keyword' },
  { label: 'then next', detail: 'the very next event', type: 'keyword' },
  { label: 'then any', detail: 'explore every event that fits', type: 'keyword' },
  { label: 'optional then', detail: 'a step that may be missing', type: 'keyword' },
  { label: 'without', detail: 'an event that must not come', type: 'keyword' },
  { label: 'until', detail: 'an event that ends it', type: 'keyword' },
  { label: 'match first', type: 'keyword' }, { label: 'match every', type: 'keyword' }, { label: 'match longest', type: 'keyword' },
  { label: 'overlap', detail: 'matches may overlap', type: 'keyword' },
  { label: 'every', detail: 'every 24h ± 15m at least 5 times', type: 'keyword' },
  { label: 'return', detail: 'EXPR as name', type: 'keyword' },
]
const options: readonly Completion[] = ['where', 'within', 'after', 'same', 'different', 'at least', 'between', 'for'].map((label) => ({ label, type: 'keyword' }))

/** What may follow at the cursor: types where a step names them, fields where it asks of them, words elsewhere. */
function complete(context: CompletionContext, vocabulary: Vocabulary | undefined): CompletionResult | null {
  const word = context.matchBefore(/[\p{L}\p{N}_.$*-]*/u)
  if (word === null || (word.from === word.to && !context.explicit)) return null
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, word.from - line.from)
  const types = (vocabulary?.types ?? []).map((type): Completion => ({ label: type, apply: typeText(type), detail: 'type', type: 'type' }))
  const labels = [...context.state.doc.toString().matchAll(/(?:^|\(|;|then|next|any)\s*([\p{L}_][\p{L}\p{N}_]*)\s*:/gmu)].map(([, label]): Completion => ({ label: `${label ?? ''}.`, detail: 'step', type: 'variable' }))
  const fields = (vocabulary?.fields ?? []).map(({ path, kind }): Completion => ({ label: path, detail: kind, type: 'property' }))
  const result = (all: readonly Completion[]): CompletionResult => ({ from: word.from, options: [...all], validFor: /^[\p{L}\p{N}_.$*-]*$/u })
  if (/^\s*sequence\b[^#]*\bby\s+[^#]*$/.test(before)) return result([...fields, { label: 'session', type: 'keyword' }, { label: 'within', type: 'keyword' }])
  if (/\bfrom\s+"?[^"]*$/.test(before) && /^\s*sequence/.test(before)) return result((vocabulary?.behaviors ?? []).map((name): Completion => ({ label: `"${name}"`, type: 'class' })))
  if (/\b(where|and|or|not|return|same|different|==|!=|<=?|>=?|[-+*/,(])\s*$/.test(before) && /\b(where|return|same|different)\b/.test(before)) return result([...labels, ...fields])
  if (/\b(where|return)\b/.test(before)) return result([...labels, ...fields, ...['and', 'or', 'like', 'in', 'as'].map((label): Completion => ({ label, type: 'keyword' }))])
  if (/(^\s*|\bthen\s+|\bnext\s+|\bany\s+|\bwithout\s+|\buntil\s+|:\s*|\(\s*|;\s*|,\s*)$/.test(before)) return result([...types, ...(/^\s*$/.test(before) ? clauses : [])])
  return result(options)
}

/** A type as the language takes it: quoted where it is no plain name. */
export function typeText(type: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*(?:[.-][\p{L}\p{N}_$]+)*$/u.test(type) ? type : JSON.stringify(type)
}
