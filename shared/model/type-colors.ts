/**
 * Colors that tell event types apart, also for people who do not see red and green alike: Okabe and Ito's (2008) and the
 * muted and bright schemes of Paul Tol (2021), those left out that are too near to another or to a background. After the
 * last the first comes again: beyond sixteen no colors are told apart, so every mark also has its type's name at hand.
 * A type keeps its place by the code that it has for as long as the workspace lives.
 */
export const typeColors = {
  light: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#882255', '#44aa99', '#332288', '#aa4499', '#117733', '#ee6677', '#7a6ff0', '#999933', '#6b7280', '#a0522d'],
  dark: ['#4da3e0', '#f08033', '#2fc79a', '#e39bc5', '#e6b422', '#86ccf5', '#d1608f', '#6fd0c2', '#8f83e0', '#d27ac6', '#55b86f', '#ff8f9c', '#a79eff', '#c9c95a', '#a0a7b4', '#d08a5e'],
} as const
