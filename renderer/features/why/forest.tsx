import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Estimate, Finding } from '../../../shared/model/why.ts'
import { formatRatio } from '../../../shared/why/format.ts'
import type { RatioScale } from './scale.ts'
import classes from './why.module.css'

/** The odds ratio of a finding with its interval, and below it the one with the confounders held constant. */
export function Forest({ finding: { oddsRatio, adjusted, verdict }, scale }: { readonly finding: Finding; readonly scale: RatioScale }): ReactNode {
  const label = `odds ratio ${told(oddsRatio)}${adjusted === undefined ? '' : `; with others held constant ${told(adjusted)}`}`
  return (
    <Tooltip label={label} position="top">
      <div className={classes.forest} role="img" aria-label={label} data-verdict={verdict}>
        {scale.ticks.map((tick) => <i key={tick} className={classes.tick} data-one={tick === 1 || undefined} style={{ left: percent(scale.at(tick)) }} />)}
        <Bar estimate={oddsRatio} scale={scale} />
        {adjusted !== undefined && <Bar estimate={adjusted} scale={scale} adjusted />}
      </div>
    </Tooltip>
  )
}

function Bar({ estimate: { value, low, high }, scale, adjusted = false }: { readonly estimate: Estimate; readonly scale: RatioScale; readonly adjusted?: boolean }): ReactNode {
  return (
    <>
      <b className={classes.interval} data-adjusted={adjusted || undefined} style={{ left: percent(scale.at(low)), width: percent(scale.at(high) - scale.at(low)) }} />
      <u className={classes.point} data-adjusted={adjusted || undefined} style={{ left: percent(scale.at(value)) }} />
    </>
  )
}

/** The ratios of the scale, above all findings. */
export function ForestAxis({ scale }: { readonly scale: RatioScale }): ReactNode {
  return (
    <div className={classes.axis} aria-hidden>
      {scale.ticks.map((tick) => <span key={tick} style={{ left: percent(scale.at(tick)) }}>{tick < 1 ? `÷${Math.round(1 / tick)}` : tick === 1 ? 'same' : `×${tick}`}</span>)}
    </div>
  )
}

function told({ value, low, high }: Estimate): string {
  return `${formatRatio(value)} (95 % interval ${formatRatio(low)} to ${formatRatio(high)})`
}

const percent = (share: number): string => `${share * 100}%`
