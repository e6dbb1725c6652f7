import { CstParser, defaultParserErrorProvider, tokenLabel, tokenMatcher, type IToken, type TokenType } from 'chevrotain'
import * as t from './tokens.ts'

/** What lies between the parts of an event type without a blank: `cart.add`, `page-view`, `orders/v1.*`. */
const joiners = [t.Dot, t.Minus, t.Slash]

/**
 * The grammar of the behavior language, the only one: the engine parses with it, and the editor completes from it
 * (Chevrotain's content assist). Lines may be broken anywhere; one step a line is a habit, not a rule.
 */
class BehaviorGrammar extends CstParser {
  constructor() {
    // sentences are made where all tokens are known; of a mismatch they need what alone could stand there
    const errorMessageProvider = { ...defaultParserErrorProvider, buildMismatchTokenMessage: ({ expected }: { readonly expected: TokenType }): string => tokenLabel(expected) }
    super(t.allTokens, { recoveryEnabled: true, maxLookahead: 2, nodeLocationTracking: 'full', errorMessageProvider })
    this.performSelfAnalysis()
  }

  readonly file = this.RULE('file', () => {
    this.MANY(() => this.SUBRULE(this.behavior))
  })

  readonly behavior = this.RULE('behavior', () => {
    this.CONSUME(t.word.sequence)
    this.CONSUME(t.Text)
    this.OR([
      { ALT: () => this.SUBRULE(this.populationBody) },
      { ALT: () => this.SUBRULE(this.sequenceBody) },
    ])
    this.OPTION(() => this.SUBRULE(this.reactions))
  })

  readonly populationBody = this.RULE('populationBody', () => {
    this.CONSUME(t.word.from)
    this.CONSUME(t.Text)
    this.CONSUME(t.word.by)
    this.SUBRULE(this.atLeast)
    this.SUBRULE(this.fieldPath)
    this.CONSUME(t.word.in)
    this.CONSUME(t.Duration)
  })

  readonly sequenceBody = this.RULE('sequenceBody', () => {
    this.CONSUME(t.word.by)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.fieldPath) })
    this.OPTION(() => this.SUBRULE(this.within))
    this.OPTION1(() => {
      this.CONSUME(t.word.session)
      this.CONSUME(t.Duration)
    })
    this.SUBRULE(this.firstStep)
    this.MANY(() => this.SUBRULE(this.clause))
    this.MANY1(() => this.SUBRULE(this.ending))
  })

  readonly firstStep = this.RULE('firstStep', () => {
    this.SUBRULE(this.stepPattern)
    this.MANY(() => this.OR([{ ALT: () => this.SUBRULE(this.where) }, { ALT: () => this.SUBRULE(this.times) }, { ALT: () => this.SUBRULE(this.within) }]))
  })

  readonly clause = this.RULE('clause', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.thenStep) },
      { ALT: () => this.SUBRULE(this.absence) },
      { ALT: () => this.SUBRULE(this.until) },
    ])
  })

  readonly thenStep = this.RULE('thenStep', () => {
    this.OPTION(() => this.CONSUME(t.word.optional))
    this.CONSUME(t.word.then)
    this.OPTION1({
      // `then any order (…)` is no `then any`
      GATE: () => !(tokenMatcher(this.LA(1), t.word.any) && tokenMatcher(this.LA(2), t.word.order) && tokenMatcher(this.LA(3), t.Open)),
      DEF: () => this.OR([{ ALT: () => this.CONSUME(t.word.next) }, { ALT: () => this.CONSUME(t.word.any) }]),
    })
    this.SUBRULE(this.stepPattern)
    this.MANY(() =>
      this.OR1([
        { ALT: () => this.SUBRULE(this.where) },
        { ALT: () => this.SUBRULE(this.times) },
        { ALT: () => this.SUBRULE(this.within) },
        { ALT: () => this.SUBRULE(this.after) },
        { ALT: () => this.SUBRULE(this.same) },
        { ALT: () => this.SUBRULE(this.different) },
      ]),
    )
  })

  readonly stepPattern = this.RULE('stepPattern', () => {
    this.OPTION({ GATE: () => tokenMatcher(this.LA(2), t.Colon), DEF: () => this.SUBRULE(this.label) })
    this.OR([
      { GATE: () => tokenMatcher(this.LA(2), t.Open), ALT: () => this.SUBRULE(this.either) },
      { GATE: () => tokenMatcher(this.LA(2), t.word.order), ALT: () => this.SUBRULE(this.anyOrder) },
      { ALT: () => this.SUBRULE(this.eventTypes) },
    ])
  })

  readonly either = this.RULE('either', () => {
    this.CONSUME(t.word.either)
    this.CONSUME(t.Open)
    this.SUBRULE(this.labeledPattern)
    this.CONSUME(t.Close)
    this.AT_LEAST_ONE(() => {
      this.CONSUME(t.word.or)
      this.CONSUME1(t.Open)
      this.SUBRULE1(this.labeledPattern)
      this.CONSUME1(t.Close)
    })
  })

  readonly anyOrder = this.RULE('anyOrder', () => {
    this.CONSUME(t.word.any)
    this.CONSUME(t.word.order)
    this.CONSUME(t.Open)
    this.AT_LEAST_ONE_SEP({ SEP: t.Semicolon, DEF: () => this.SUBRULE(this.labeledPattern) })
    this.CONSUME(t.Close)
  })

  readonly labeledPattern = this.RULE('labeledPattern', () => {
    this.OPTION({ GATE: () => tokenMatcher(this.LA(2), t.Colon), DEF: () => this.SUBRULE(this.label) })
    this.SUBRULE(this.eventPattern)
  })

  readonly label = this.RULE('label', () => {
    this.CONSUME(t.AnyName)
    this.CONSUME(t.Colon)
  })

  readonly eventPattern = this.RULE('eventPattern', () => {
    this.SUBRULE(this.eventTypes)
    this.OPTION(() => this.SUBRULE(this.where))
  })

  readonly eventTypes = this.RULE('eventTypes', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.eventType) })
  })

  readonly where = this.RULE('where', () => {
    this.CONSUME(t.word.where)
    this.SUBRULE(this.expression)
  })

  readonly eventType = this.RULE('eventType', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Text) },
      {
        ALT: () => {
          this.SUBRULE(this.typePart)
          this.MANY({
            // a type ends at the first blank
            GATE: () => this.LA(0).startOffset + this.LA(0).image.length === this.LA(1).startOffset,
            DEF: () => {
              this.OR1([...joiners.map((joiner) => ({ ALT: () => this.CONSUME1(joiner) })), { ALT: () => this.SUBRULE1(this.typePart) }])
            },
          })
        },
      },
    ])
  })

  readonly typePart = this.RULE('typePart', () => {
    this.OR([{ ALT: () => this.CONSUME(t.TypeStart) }, { ALT: () => this.CONSUME(t.NumberToken) }, { ALT: () => this.CONSUME(t.Duration) }, { ALT: () => this.CONSUME(t.Star) }])
  })

  readonly absence = this.RULE('absence', () => {
    this.CONSUME(t.word.without)
    this.SUBRULE(this.eventTypes)
    this.MANY(() => this.OR([{ ALT: () => this.SUBRULE(this.where) }, { ALT: () => this.SUBRULE(this.between) }, { ALT: () => this.SUBRULE(this.forAfter) }]))
  })

  readonly between = this.RULE('between', () => {
    this.CONSUME(t.word.between)
    this.CONSUME(t.AnyName)
    this.CONSUME(t.word.and)
    this.CONSUME1(t.AnyName)
  })

  readonly forAfter = this.RULE('forAfter', () => {
    this.CONSUME(t.word.for)
    this.CONSUME(t.Duration)
    this.OPTION(() => {
      this.CONSUME(t.word.after)
      this.CONSUME(t.AnyName)
    })
  })

  readonly until = this.RULE('until', () => {
    this.CONSUME(t.word.until)
    this.SUBRULE(this.eventPattern)
  })

  readonly times = this.RULE('times', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.atLeast) },
      {
        ALT: () => {
          this.CONSUME(t.NumberToken)
          this.OPTION(() => {
            this.CONSUME(t.DotDot)
            this.CONSUME1(t.NumberToken)
          })
        },
      },
    ])
    this.CONSUME(t.word.times)
  })

  readonly atLeast = this.RULE('atLeast', () => {
    this.CONSUME(t.word.at)
    this.CONSUME(t.word.least)
    this.CONSUME(t.NumberToken)
  })

  readonly within = this.RULE('within', () => {
    this.CONSUME(t.word.within)
    this.CONSUME(t.Duration)
  })

  readonly after = this.RULE('after', () => {
    this.CONSUME(t.word.after)
    this.CONSUME(t.Duration)
  })

  readonly same = this.RULE('same', () => {
    this.CONSUME(t.word.same)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.fieldPath) })
  })

  readonly different = this.RULE('different', () => {
    this.CONSUME(t.word.different)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.fieldPath) })
  })

  readonly ending = this.RULE('ending', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.matchMode) },
      { ALT: () => this.SUBRULE(this.skipMode) },
      { ALT: () => this.SUBRULE(this.recurrence) },
      { ALT: () => this.SUBRULE(this.returns) },
    ])
  })

  readonly matchMode = this.RULE('matchMode', () => {
    this.CONSUME(t.word.match)
    this.OR([{ ALT: () => this.CONSUME(t.word.first) }, { ALT: () => this.CONSUME(t.word.every) }, { ALT: () => this.CONSUME(t.word.longest) }])
  })

  readonly skipMode = this.RULE('skipMode', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.word.skip)
          this.OR1([
            {
              ALT: () => {
                this.CONSUME(t.word.past)
                this.CONSUME(t.word.last)
              },
            },
            { ALT: () => this.CONSUME(t.word.overlap) },
          ])
        },
      },
      { ALT: () => this.CONSUME1(t.word.overlap) },
    ])
  })

  readonly recurrence = this.RULE('recurrence', () => {
    this.CONSUME(t.word.every)
    this.CONSUME(t.Duration)
    this.OPTION(() => {
      this.CONSUME(t.PlusMinus)
      this.CONSUME1(t.Duration)
    })
    this.SUBRULE(this.atLeast)
    this.CONSUME(t.word.times)
  })

  readonly returns = this.RULE('returns', () => {
    this.CONSUME(t.word.return)
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        this.SUBRULE(this.expression)
        this.CONSUME(t.word.as)
        this.CONSUME(t.AnyName)
      },
    })
  })

  readonly reactions = this.RULE('reactions', () => {
    this.CONSUME(t.word.react)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.reaction) })
  })

  readonly reaction = this.RULE('reaction', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.word.notify) },
      {
        ALT: () => {
          this.CONSUME(t.word.webhook)
          this.SUBRULE(this.eventType)
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.word.publish)
          this.SUBRULE1(this.eventType)
        },
      },
    ])
  })

  // expressions, the loosest operator first

  readonly expression = this.RULE('expression', () => {
    this.SUBRULE(this.conjunction)
    this.MANY({
      // the `or` of `either (…) or (…)` lies behind a closing parenthesis of its own
      DEF: () => {
        this.CONSUME(t.word.or)
        this.SUBRULE1(this.conjunction)
      },
    })
  })

  readonly conjunction = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation)
    this.MANY(() => {
      this.CONSUME(t.word.and)
      this.SUBRULE1(this.negation)
    })
  })

  readonly negation = this.RULE('negation', () => {
    this.MANY(() => this.CONSUME(t.word.not))
    this.SUBRULE(this.comparison)
  })

  readonly comparison = this.RULE('comparison', () => {
    this.SUBRULE(this.sum)
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.OR1([t.Equal, t.Unequal, t.AtMost, t.AtLeast, t.Less, t.More].map((operator) => ({ ALT: () => this.CONSUME(operator) })))
            this.SUBRULE1(this.sum)
          },
        },
        {
          ALT: () => {
            this.OPTION1(() => this.CONSUME(t.word.not))
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME(t.word.like)
                  this.CONSUME(t.Text)
                },
              },
              {
                ALT: () => {
                  this.CONSUME(t.word.in)
                  this.CONSUME(t.Open)
                  this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.sum) })
                  this.CONSUME(t.Close)
                },
              },
            ])
          },
        },
      ]),
    )
  })

  readonly sum = this.RULE('sum', () => {
    this.SUBRULE(this.product)
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Plus) }, { ALT: () => this.CONSUME(t.Minus) }])
      this.SUBRULE1(this.product)
    })
  })

  readonly product = this.RULE('product', () => {
    this.SUBRULE(this.unary)
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Star) }, { ALT: () => this.CONSUME(t.Slash) }])
      this.SUBRULE1(this.unary)
    })
  })

  readonly unary = this.RULE('unary', () => {
    this.MANY(() => this.CONSUME(t.Minus))
    this.SUBRULE(this.operand)
  })

  readonly operand = this.RULE('operand', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.Duration) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.word.true) },
      { ALT: () => this.CONSUME(t.word.false) },
      { ALT: () => this.CONSUME(t.word.null) },
      {
        ALT: () => {
          this.CONSUME(t.Open)
          this.SUBRULE(this.expression)
          this.CONSUME(t.Close)
        },
      },
      { ALT: () => this.SUBRULE(this.fieldPath) },
    ])
  })

  readonly fieldPath = this.RULE('fieldPath', () => {
    this.CONSUME(t.AnyName)
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Dot)
            this.CONSUME1(t.AnyName)
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.OpenBracket)
            this.CONSUME(t.NumberToken)
            this.CONSUME(t.CloseBracket)
          },
        },
      ]),
    )
  })
}

/** The parser. It keeps the state of one parse at a time, so a parse must end before the next begins. */
export const grammar = new BehaviorGrammar()

/** What may stand behind some tokens. `adjacent` says that it follows without a blank, as the parts of a type do. */
export function whatMayFollow(tokens: readonly IToken[], adjacent: boolean): readonly TokenType[] {
  const paths = grammar.computeContentAssist('file', [...tokens]).filter(({ nextTokenType, ruleStack, occurrenceStack }) => {
    const rule = ruleStack.at(-1)
    const continues = rule === 'eventType' ? joiners.includes(nextTokenType) : rule === 'typePart' && occurrenceStack.at(-1) === 1
    return adjacent || !continues
  })
  return [...new Set(paths.map(({ nextTokenType }) => nextTokenType))]
}
