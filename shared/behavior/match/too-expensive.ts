/** A pattern whose branches multiply: detection of this behavior ends, everything else goes on (SEMANTICS.md rule 15). */
export class TooExpensive extends Error {
  override readonly name = 'TooExpensive'
  /** The step whose candidates multiply the branches. */
  readonly step: string
  readonly branches: number

  constructor(step: string, branches: number) {
    super(`Too expensive, because "${step}" can be matched in too many ways: ${branches.toLocaleString('en-US')} branches were tried. Bound it by \`within\`, or say \`then\` instead of \`then any\`.`)
    this.step = step
    this.branches = branches
  }
}
