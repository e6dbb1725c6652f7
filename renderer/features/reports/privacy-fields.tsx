import { NumberInput, Select, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { treatmentOf, type Treatment } from '../../../shared/report/privacy.ts'
import { safeText } from '../../ui/safe-text.ts'
import type { ReportState, SetReportState } from './state.ts'
import classes from './reports.module.css'

const treatments: readonly { readonly value: Treatment; readonly label: string }[] = [
  { value: 'plain', label: 'as it is' },
  { value: 'shorten', label: 'shortened' },
  { value: 'hash', label: 'hashed' },
  { value: 'hide', label: 'left out' },
]

/** How each field is written, and how few are too few to be said. The report tells what was done. */
export function PrivacyFields({ state, setState, fields }: { readonly state: ReportState; readonly setState: SetReportState; readonly fields: readonly string[] }): ReactNode {
  const rules = { hide: state.hide ?? [], hash: state.hash ?? [], shorten: state.shorten ?? [], minCount: state.minCount ?? 1 }
  // a rule that nothing has any more is still shown, so that it can be taken back
  const shown = [...new Set([...fields, ...rules.hide, ...rules.hash, ...rules.shorten])]
  const treat = (field: string, treatment: string | null): void => {
    const named = (rule: 'hide' | 'hash' | 'shorten'): string[] | undefined => {
      const names = [...rules[rule].filter((other) => other.toLowerCase() !== field.toLowerCase()), ...(treatment === rule ? [field] : [])]
      return names.length === 0 ? undefined : names
    }
    setState({ hide: named('hide'), hash: named('hash'), shorten: named('shorten') }, { replace: true })
  }
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>Privacy</legend>
      {shown.map((field) => (
        <div key={field} className={classes.field}>
          <Text size="sm" className="one-line" title={safeText(field, 200)}>{safeText(field, 60)}</Text>
          <Select size="xs" aria-label={`${safeText(field, 60)} is written`} data={treatments} value={treatmentOf(rules, field)} onChange={(treatment) => treat(field, treatment)} allowDeselect={false} />
        </div>
      ))}
      <div className={classes.field}>
        <Text size="sm">Counts are said from</Text>
        <NumberInput size="xs" aria-label="Counts are said from" min={1} max={1_000_000} allowDecimal={false} value={rules.minCount} onChange={(value) => setState({ minCount: typeof value === 'number' && value > 1 ? value : undefined }, { replace: true })} />
      </div>
    </fieldset>
  )
}
