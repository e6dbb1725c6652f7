import type { CstNode, IToken } from 'chevrotain'
import { buildBehavior, type Taken } from './build.ts'
import { grammar } from './grammar.ts'
import { tooDeep } from './nesting.ts'
import type { Problem } from './problem.ts'
import type { Behavior, BehaviorFile, Span } from './syntax.ts'
import { explainLexError, explainParseError } from './parse-error.ts'
import { lexer } from './tokens.ts'

/** What a text says, as far as it can be read, and what cannot. */
export interface Parsed {
  readonly file: BehaviorFile
  /** Empty when the text is a file of behaviors; else the behaviors that it holds may lack parts. */
  readonly problems: readonly Problem[]
}

/** Longer texts are no behaviors that a person wrote; parsing is linear, but an editor parses at every key. */
const longestText = 200_000

/** Reads a file of behaviors. It never throws, whatever the text is. */
export function parseBehaviors(text: string): Parsed {
  if (text.length > longestText) return { file: { behaviors: [], comments: [] }, problems: [{ severity: 'error', message: `This text has ${text.length} characters; a file of behaviors has at most ${longestText}.`, span: { start: longestText, end: text.length } }] }
  const { tokens, errors, groups } = lexer.tokenize(text)
  const deep = tooDeep(tokens)
  if (deep !== undefined) return { file: { behaviors: [], comments: [] }, problems: [deep] }
  grammar.input = tokens
  const root = grammar.file()
  const broken = [...errors.map(({ offset, length }) => explainLexError(text, offset, length)), ...grammar.errors.map((error) => explainParseError(error, tokens, text))]
  // behind what could not be read, the rest of the line says nothing new
  const problems = broken.filter(({ span }, index) => index < errors.length || !broken.slice(0, index).some((before) => isSameLine(text, before.span.start, span.start)))
  const taken: Taken = { comments: toComments(groups.comments ?? []), text, problems }
  const nodes = (root.children.behavior ?? []) as CstNode[]
  // what the parser could not read is left out, with the problem that says why
  const behaviors = nodes.flatMap((node): Behavior[] => {
    const built = broken.some(({ span }) => touches(span, node)) ? tryBuild(node, taken) : buildBehavior(node, taken)
    return built === undefined ? [] : [built]
  })
  return { file: { behaviors, comments: taken.comments.splice(0).map(({ text: line }) => line) }, problems: problems.sort((a, b) => a.span.start - b.span.start) }
}

function isSameLine(text: string, from: number, to: number): boolean {
  return from <= to && !text.slice(from, to).includes('\n')
}

/** A node with a hole in it may lack what every behavior has. */
function tryBuild(node: CstNode, taken: Taken): Behavior | undefined {
  try {
    return buildBehavior(node, taken)
  } catch {
    // the hole has its problem already
    return undefined
  }
}

function touches(span: Span, node: CstNode): boolean {
  return node.recoveredNode === true || (node.location !== undefined && span.start <= (node.location.endOffset ?? 0) + 1 && span.end >= node.location.startOffset)
}

function toComments(tokens: readonly IToken[]): { readonly start: number; readonly text: string }[] {
  return tokens.map(({ startOffset, image }) => ({ start: startOffset, text: image.slice(1).trim() }))
}
