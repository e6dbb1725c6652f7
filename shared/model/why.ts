import { z } from 'zod'

/** An estimate with its 95 % interval. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })
export type Estimate = z.infer<typeof Estimate>

/** A chance behind a finding: whose, when it started (microseconds since the epoch), and whether it led to the behavior. */
export const ChanceExample = z.object({ user: z.string(), time: z.bigint(), matched: z.boolean() })
export type ChanceExample = z.infer<typeof ChanceExample>

/** A fact that goes with a behavior. */
export const Finding = z.object({
  group: z.enum(['earlier events', 'after the start', 'attributes', 'timing', 'calendar', 'context']),
  family: z.string(),
  phrase: z.string(),
  sentence: z.string(),
  exposedMatched: z.number(),
  exposedUnmatched: z.number(),
  unexposedMatched: z.number(),
  unexposedUnmatched: z.number(),
  oddsRatio: Estimate,
  difference: Estimate,
  p: z.number(),
  q: z.number(),
  /** True for what came behind the start and makes the behavior rarer: mostly what was done instead. */
  instead: z.boolean(),
  /** True for what came behind the start and before nearly all that matched: a step on the way. */
  way: z.boolean(),
  /** Other windows, thresholds or values of the same field that were found as well. */
  variants: z.number(),
  verdict: z.enum(['holds', 'weaker', 'explained', 'unchecked']),
  /** With the confounders held constant. */
  adjusted: Estimate.optional(),
  confounders: z.array(z.string()),
  confounding: z.string(),
  /** Some for whom it holds, those that led to the behavior first. */
  examples: z.array(ChanceExample),
})
export type Finding = z.infer<typeof Finding>

/** What distinguishes the chances that led to a behavior from those that did not. */
export const WhyAnswer = z.object({
  /** What was asked about, such as the name of the behavior. */
  about: z.string(),
  /** What a chance is, in words. */
  unit: z.string(),
  chances: z.number(),
  matched: z.number(),
  users: z.number(),
  /** Starts whose outcome events to come may still change; they take no part. */
  undecided: z.number(),
  tried: z.number(),
  tooRare: z.number(),
  findings: z.array(Finding),
  /** The nearest of what may be chance, a few. */
  near: z.array(Finding),
  notes: z.array(z.string()),
  association: z.string(),
})
export type WhyAnswer = z.infer<typeof WhyAnswer>

/** What is known beyond the events. Paths are files that the engine can read. */
export const WhyKnowledge = z.object({
  /** Tables joined on an attribute of the start: the attribute, and the file's column where it has another name. */
  context: z.array(z.object({ path: z.string(), attribute: z.string(), column: z.string().optional() })).max(10).default([]),
  /** An ISO 3166 code, such as DE. */
  country: z.string().optional(),
  /** Days that matter: a CSV file with a column `date`, and `user` where each has their own, which come back every year. */
  dates: z.string().optional(),
  /** Of the calendar; UTC where it is left out. */
  zone: z.string().optional(),
})
export type WhyKnowledge = z.infer<typeof WhyKnowledge>
