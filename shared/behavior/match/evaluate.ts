import { splitField } from '../check-expression.ts'
import { globTest } from '../glob.ts'
import type { BinaryOperator, Expression } from '../syntax.ts'
import { fieldValue, type EventColumns, type Value } from './columns.ts'

/** An expression over the event in `row` and the events that labels stand for: `bound[slot]` is a row, or -1 for none. */
export type Evaluator = (row: number, bound: Int32Array) => Value

/** Where labels are found, and which of them is the event at hand. */
export interface LabelSlots {
  readonly slots: ReadonlyMap<string, number>
  /** The labels of the event that is looked at: `r: cart.remove where r.price > 1`. */
  readonly own: ReadonlySet<string>
}

/** Makes an expression ready to be asked, null-safe as SEMANTICS.md rules 23 and 24 say. */
export function compileExpression(expression: Expression, columns: EventColumns, labels: LabelSlots): Evaluator {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'boolean': {
      const { value } = expression
      return () => value
    }
    case 'duration': {
      const { micros } = expression.value
      return () => micros
    }
    case 'null':
      return () => null
    case 'field':
      return compileField(expression.path, columns, labels)
    case 'not': {
      const operand = compileExpression(expression.operand, columns, labels)
      return (row, bound) => {
        const value = operand(row, bound)
        return typeof value === 'boolean' ? !value : null
      }
    }
    case 'negative': {
      const operand = compileExpression(expression.operand, columns, labels)
      return (row, bound) => {
        const value = operand(row, bound)
        return typeof value === 'number' ? -value : null
      }
    }
    case 'like': {
      const operand = compileExpression(expression.operand, columns, labels)
      const test = remembered(globTest(expression.pattern))
      return (row, bound) => {
        const value = operand(row, bound)
        return typeof value === 'string' ? test(value) !== expression.negated : null
      }
    }
    case 'in': {
      const operand = compileExpression(expression.operand, columns, labels)
      const values = expression.values.map((value) => compileExpression(value, columns, labels))
      return (row, bound) => {
        const found = anyEqual(operand(row, bound), values.map((value) => value(row, bound)))
        return found === null ? null : found !== expression.negated
      }
    }
    case 'binary':
      return compileBinary(expression.operator, expression, columns, labels)
  }
}

function compileField(path: string, columns: EventColumns, { slots, own }: LabelSlots): Evaluator {
  const { label, field } = splitField(path, [...slots.keys(), ...own])
  const read = reader(field, columns)
  const slot = label === undefined || own.has(label) ? undefined : slots.get(label)
  if (slot === undefined) return (row) => read(row)
  return (_, bound) => {
    const row = bound[slot] ?? -1
    return row === -1 ? null : read(row)
  }
}

function reader(field: string, columns: EventColumns): (row: number) => Value {
  if (field === 'time') return (row) => columns.time[row] ?? null
  if (field === 'type') return (row) => columns.types[columns.type[row] ?? -1] ?? null
  const column = columns.fields.get(field)
  return (row) => fieldValue(column, row)
}

/** Texts repeat: whether one is like a pattern is found out once. */
function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>()
  return (text) => {
    let answer = known.get(text)
    if (answer === undefined) {
      answer = test(text)
      // hostile data may never repeat
      if (known.size > 100_000) known.clear()
      known.set(text, answer)
    }
    return answer
  }
}

function anyEqual(value: Value, others: readonly Value[]): boolean | null {
  if (value === null) return null
  if (others.some((other) => other !== null && equal(value, other) === true)) return true
  return others.includes(null) ? null : false
}

/** Null where one is null, or where they are of different kinds (rule 23). */
function equal(left: Value, right: Value): boolean | null {
  if (left === null || right === null || typeof left !== typeof right) return null
  return left === right
}

function compileBinary(operator: BinaryOperator, expression: Extract<Expression, { kind: 'binary' }>, columns: EventColumns, labels: LabelSlots): Evaluator {
  const left = compileExpression(expression.left, columns, labels)
  const right = compileExpression(expression.right, columns, labels)
  if (operator === 'and') {
    return (row, bound) => {
      const first = left(row, bound)
      if (first === false) return false
      const second = right(row, bound)
      if (second === false) return false
      return first === true && second === true ? true : null
    }
  }
  if (operator === 'or') {
    return (row, bound) => {
      const first = left(row, bound)
      if (first === true) return true
      const second = right(row, bound)
      if (second === true) return true
      return first === false && second === false ? false : null
    }
  }
  if (operator === '==' || operator === '!=') return compileEquality(operator, expression, left, right)
  const calculate = calculations[operator]
  return (row, bound) => {
    const first = left(row, bound)
    const second = right(row, bound)
    return first === null || second === null ? null : calculate(first, second)
  }
}

function compileEquality(operator: '==' | '!=', { left: leftSide, right: rightSide }: Extract<Expression, { kind: 'binary' }>, left: Evaluator, right: Evaluator): Evaluator {
  const wanted = operator === '=='
  // written as null, not found to be null: that is the question whether there is a value at all
  if (rightSide.kind === 'null') return (row, bound) => (left(row, bound) === null) === wanted
  if (leftSide.kind === 'null') return (row, bound) => (right(row, bound) === null) === wanted
  return (row, bound) => {
    const answer = equal(left(row, bound), right(row, bound))
    return answer === null ? null : answer === wanted
  }
}

type Calculation = (left: Exclude<Value, null>, right: Exclude<Value, null>) => Value

/** Texts are ordered by their UTF-16 units; truth is not ordered. */
function ordered(compare: (left: number | string, right: number | string) => boolean): Calculation {
  return (left, right) => (typeof left === typeof right && typeof left !== 'boolean' ? compare(left, right as number | string) : null)
}

function numeric(calculate: (left: number, right: number) => number | null): Calculation {
  return (left, right) => (typeof left === 'number' && typeof right === 'number' ? calculate(left, right) : null)
}

const calculations: Readonly<Record<Exclude<BinaryOperator, 'and' | 'or' | '==' | '!='>, Calculation>> = {
  '<': ordered((left, right) => left < right),
  '<=': ordered((left, right) => left <= right),
  '>': ordered((left, right) => left > right),
  '>=': ordered((left, right) => left >= right),
  '+': numeric((left, right) => left + right),
  '-': numeric((left, right) => left - right),
  '*': numeric((left, right) => left * right),
  '/': numeric((left, right) => (right === 0 ? null : left / right)),
}
