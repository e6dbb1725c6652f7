import type { CstElement, CstNode, IToken } from 'chevrotain'
import { parseDuration } from './duration.ts'
import type { BinaryOperator, Expression, Span } from './syntax.ts'
import { word } from './tokens.ts'

/** The rule nodes of that name under a node, in order. */
export function nodes(node: CstNode, rule: string): CstNode[] {
  return (node.children[rule] ?? []) as CstNode[]
}

/** The one rule node of that name. @throws Error when the parser has left a hole there */
export function only(node: CstNode, rule: string): CstNode {
  const [found] = nodes(node, rule)
  if (found === undefined) throw new Error(`no ${rule} in ${node.name}`)
  return found
}

/** The tokens under a node, by the name of their type, or of the word that they are. */
export function tokensOf(node: CstNode, name: string): IToken[] {
  const known = Object.hasOwn(word, name) ? word[name as keyof typeof word].name : name
  return (node.children[known] ?? []) as IToken[]
}

/** Where a node or a token stands. */
export function span(element: CstElement): Span {
  const place = 'location' in element || 'children' in element ? element.location : element
  return { start: place?.startOffset ?? 0, end: (place?.endOffset ?? -1) + 1 }
}

/** A quoted text or name without its quotes; `\\` keeps the character behind it, `\n` and `\t` are what they are elsewhere. */
export function unquote(image: string): string {
  return image.slice(1, -1).replace(/\\(.)/gsu, (_, character: string) => (character === 'n' ? '\n' : character === 't' ? '\t' : character))
}

/** `data.items[0].sku`: names joined by dots, as mappings write them. */
export function fieldPath(node: CstNode): string {
  const parts = [...tokensOf(node, 'AnyName'), ...tokensOf(node, 'Number')].sort((a, b) => a.startOffset - b.startOffset)
  return parts.map((part, index) => (part.tokenType.name === 'Number' ? `[${part.image}]` : `${index === 0 ? '' : '.'}${part.image.startsWith('`') ? unquote(part.image) : part.image}`)).join('')
}

/** The tree of an expression out of the parser's. @throws Error when a part is missing that the grammar asks for */
export function buildExpression(node: CstNode): Expression {
  switch (node.name) {
    case 'expression':
      return leftToRight(nodes(node, 'conjunction'), tokensOf(node, 'or').map(() => 'or'))
    case 'conjunction':
      return leftToRight(nodes(node, 'negation'), tokensOf(node, 'and').map(() => 'and'))
    case 'negation':
      return tokensOf(node, 'not').reduceRight<Expression>((operand, token) => ({ kind: 'not', operand, span: { start: token.startOffset, end: operand.span.end } }), buildExpression(only(node, 'comparison')))
    case 'comparison':
      return buildComparison(node)
    case 'sum':
      return leftToRight(nodes(node, 'product'), operators(node, ['Plus', 'Minus']))
    case 'product':
      return leftToRight(nodes(node, 'unary'), operators(node, ['Star', 'Slash']))
    case 'unary':
      return tokensOf(node, 'Minus').reduceRight<Expression>((operand, token) => ({ kind: 'negative', operand, span: { start: token.startOffset, end: operand.span.end } }), buildExpression(only(node, 'operand')))
    default:
      return buildOperand(node)
  }
}

function leftToRight(parts: readonly CstNode[], between: readonly string[]): Expression {
  const [first, ...rest] = parts.map(buildExpression)
  if (first === undefined) throw new Error('an operator without an operand')
  return rest.reduce<Expression>((left, right, index) => ({ kind: 'binary', operator: between[index] as BinaryOperator, left, right, span: { start: left.span.start, end: right.span.end } }), first)
}

function operators(node: CstNode, names: readonly string[]): string[] {
  return names.flatMap((name) => tokensOf(node, name)).sort((a, b) => a.startOffset - b.startOffset).map(({ image }) => image)
}

const comparisons = ['Equal', 'Unequal', 'AtMost', 'AtLeast', 'Less', 'More']

function buildComparison(node: CstNode): Expression {
  const [left, ...values] = nodes(node, 'sum').map(buildExpression)
  if (left === undefined) throw new Error('a comparison without a left side')
  const place = span(node)
  const negated = tokensOf(node, 'not').length > 0
  if (tokensOf(node, 'like').length > 0) {
    const [pattern] = tokensOf(node, 'Text')
    if (pattern === undefined) throw new Error('like without a pattern')
    return { kind: 'like', operand: left, pattern: unquote(pattern.image), negated, span: place }
  }
  if (tokensOf(node, 'in').length > 0) return { kind: 'in', operand: left, values, negated, span: place }
  const [operator] = operators(node, comparisons)
  const [right] = values
  if (operator === undefined) return left
  if (right === undefined) throw new Error('a comparison without a right side')
  return { kind: 'binary', operator: operator as BinaryOperator, left, right, span: place }
}

function buildOperand(node: CstNode): Expression {
  const place = span(node)
  const [number] = tokensOf(node, 'Number')
  if (number !== undefined) return { kind: 'number', value: Number(number.image), text: number.image, span: place }
  const [text] = tokensOf(node, 'Text')
  if (text !== undefined) return { kind: 'string', value: unquote(text.image), span: place }
  const [token] = tokensOf(node, 'Duration')
  const duration = token === undefined ? undefined : parseDuration(token.image)
  if (duration !== undefined) return { kind: 'duration', value: duration, span: place }
  if (tokensOf(node, 'true').length > 0) return { kind: 'boolean', value: true, span: place }
  if (tokensOf(node, 'false').length > 0) return { kind: 'boolean', value: false, span: place }
  if (tokensOf(node, 'null').length > 0) return { kind: 'null', span: place }
  const [inner] = nodes(node, 'expression')
  if (inner !== undefined) return buildExpression(inner)
  return { kind: 'field', path: fieldPath(only(node, 'fieldPath')), span: place }
}
