const hint = 'Bound it by `within`, or ask for fewer ways: `then` instead of `then any`, no `overlap`.'

/** A pattern whose branches multiply: detection of this behavior ends, everything else goes on (SEMANTICS.md rule 15). */
export class TooExpensive extends Error {
  override readonly name = 'TooExpensive'
  /** The step whose candidates multiply the branches, or `without`. */
  readonly step: string

  private constructor(step: string, reason: string) {
    super(`Too expensive, because ${reason}. ${hint}`)
    this.step = step
  }

  static tries(step: string, count: number): TooExpensive {
    return new TooExpensive(step, `"${step}" can be matched in too many ways: ${written(count)} were tried`)
  }

  static absences(count: number): TooExpensive {
    return new TooExpensive('without', `conditions of \`without\` or \`until\` had to be asked ${written(count)} times`)
  }

  static events(step: string, count: number): TooExpensive {
    return new TooExpensive(step, `its matches hold more than ${written(count)} events, most of them by "${step}"`)
  }
}

function written(count: number): string {
  return count.toLocaleString('en-US')
}
