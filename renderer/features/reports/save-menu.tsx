import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { fileNames } from '../../../shared/report/file-names.ts'
import { renderHtml } from '../../../shared/report/html.ts'
import { renderMarkdown } from '../../../shared/report/markdown.ts'
import { reportToJson, type Report } from '../../../shared/report/model.ts'
import { saveFile } from '../../ui/save-file.ts'

/** Saves the report that is shown, without counting it again. */
export function SaveMenu({ report, onPdf, isPrinting }: { readonly report: Report | undefined; readonly onPdf: (document: string, name: string) => void; readonly isPrinting: boolean }): ReactNode {
  const name = fileNames([report?.title ?? ''], 60)[0] ?? 'report'
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target><Button size="xs" variant="default" leftSection={<IconDownload size={15} />} rightSection={<IconChevronDown size={14} />} disabled={report === undefined} loading={isPrinting}>Save as</Button></Menu.Target>
      {report !== undefined && (
        <Menu.Dropdown>
          <Menu.Item onClick={() => saveFile(`${name}.html`, 'text/html', [renderHtml(report)])}>HTML</Menu.Item>
          <Menu.Item onClick={() => onPdf(renderHtml(report), `${name}.pdf`)}>PDF</Menu.Item>
          <Menu.Item onClick={() => saveFile(`${name}.md`, 'text/markdown', [renderMarkdown(report)])}>Markdown</Menu.Item>
          <Menu.Item onClick={() => saveFile(`${name}.json`, 'application/json', [reportToJson(report), '\n'])}>JSON</Menu.Item>
        </Menu.Dropdown>
      )}
    </Menu>
  )
}
