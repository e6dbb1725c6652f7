import { Checkbox, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { ExportFormat } from '../../../shared/report/export.ts'
import classes from './reports.module.css'

/** What a format is called, and what one gets. */
export const formatNames: Readonly<Record<ExportFormat, { readonly name: string; readonly says: string }>> = {
  html: { name: 'HTML', says: 'One file that needs nothing else; it can be verified' },
  pdf: { name: 'PDF', says: 'Printed by the Chromium of this machine' },
  md: { name: 'Markdown', says: 'For wikis and tickets; it can be verified' },
  json: { name: 'JSON', says: 'Every number of the report; it can be verified' },
  figures: { name: 'Charts: SVG and CSV', says: 'Each chart with its numbers' },
  png: { name: 'Charts: PNG', says: 'Each chart as a picture, by the Chromium of this machine' },
  csv: { name: 'CSV', says: 'Every match in a row, safe to open in a spreadsheet' },
  ndjson: { name: 'NDJSON', says: 'Every match in a line' },
  parquet: { name: 'Parquet', says: 'Every match, for DuckDB and the like' },
  cloudevents: { name: 'CloudEvents', says: 'Every match as an event, in lines' },
}

const groups: readonly { readonly name: string; readonly formats: readonly ExportFormat[] }[] = [
  { name: 'The report', formats: ['html', 'pdf', 'md', 'json', 'figures', 'png'] },
  { name: 'All matches', formats: ['csv', 'ndjson', 'parquet', 'cloudevents'] },
]

/** As what the report is written. */
export function Formats({ chosen, onChange }: { readonly chosen: readonly ExportFormat[]; readonly onChange: (formats: ExportFormat[]) => void }): ReactNode {
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>Files to write</legend>
      {groups.map(({ name, formats }) => (
        <div key={name}>
          <div className={classes.subhead}>{name}</div>
          <div className={classes.formats}>
            {formats.map((format) => (
              <Tooltip key={format} label={formatNames[format].says} position="top">
                <Checkbox size="xs" label={formatNames[format].name} checked={chosen.includes(format)} onChange={() => onChange(ExportFormat.options.filter((one) => chosen.includes(one) !== (one === format)))} />
              </Tooltip>
            ))}
          </div>
        </div>
      ))}
    </fieldset>
  )
}
