import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearchState } from '../../view/search-state.ts'
import { Builder } from './builder.tsx'
import { ReportState } from './state.ts'
import { VerifyPage } from './verify-page.tsx'
import classes from './reports.module.css'

/** Reports: documents for people who never open the app, built and checked. */
export function ReportsScreen(): ReactNode {
  const [state, setState] = useSearchState(ReportState)
  const mode = <SegmentedControl size="xs" aria-label="Do" value={state.check === true ? 'check' : 'build'} onChange={(value) => setState({ check: value === 'check' || undefined })} data={[{ label: 'Build a report', value: 'build' }, { label: 'Verify one', value: 'check' }]} fullWidth />
  if (state.check !== true) return <Builder state={state} setState={setState} mode={mode} />
  return (
    <div className={classes.main} style={{ height: '100%' }}>
      <div className={classes.mode}><div className={classes.modeControl}>{mode}</div></div>
      <VerifyPage />
    </div>
  )
}
