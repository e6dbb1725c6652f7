import { Button, FileButton, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { IconFileCheck, IconUpload } from '@tabler/icons-react'
import { useState, type DragEvent, type ReactNode } from 'react'
import { AppError } from '../../../shared/errors.ts'
import { useAction } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { useReportProgress } from './use-report-progress.ts'
import { Verdict } from './verdict.tsx'
import classes from './reports.module.css'

const largest = 50_000_000

/** Checks a report file: counts it again from the positions that it records, and compares every number. */
export function VerifyPage(): ReactNode {
  const [file, setFile] = useState<string | undefined>(undefined)
  const [over, setOver] = useState(false)
  const [unreadable, setUnreadable] = useState<unknown>(undefined)
  const verify = useAction('reports.verify', 'Verifying a report')
  const done = useReportProgress(verify.isPending)
  const check = async (given: File | null | undefined): Promise<void> => {
    if (given === null || given === undefined) return
    setFile(given.name)
    verify.reset()
    try {
      if (given.size > largest) throw new AppError('BAD_REQUEST', `${given.name} is too large to be a report.`, { hint: 'Reports have a few megabytes. Choose the HTML, Markdown or JSON of one.' })
      const document = await given.text()
      setUnreadable(undefined)
      verify.mutate({ document })
    } catch (error) {
      setUnreadable(error)
    }
  }
  const drop = (event: DragEvent): void => {
    // the window leaves alone what was taken here
    event.preventDefault()
    setOver(false)
    void check(event.dataTransfer.files[0])
  }
  return (
    <div className={classes.page}>
      <Stack className={classes.column} gap="md">
        <div>
          <Title order={1} fz={20}>Does a report still say what is so?</Title>
          <Text size="sm" c="dimmed" mt={4}>A report carries the positions of the events that it was counted from. They are read again here, every number is counted again, and each is compared with what the file says.</Text>
        </div>
        <div className={classes.drop} data-over={over || undefined} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
          <Stack align="center" gap="xs">
            <IconFileCheck size={30} stroke={1.5} aria-hidden />
            <Text size="sm">Drop a report here: HTML, Markdown or JSON</Text>
            <FileButton onChange={(given) => void check(given)} accept=".html,.htm,.md,.json" inputProps={{ 'aria-label': 'Report file' }}>
              {(props) => <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={15} />} disabled={verify.isPending}>Choose a file</Button>}
            </FileButton>
          </Stack>
        </div>
        {verify.isPending && (
          <Group gap="sm" wrap="nowrap" role="status">
            <Text size="sm" className="one-line">Counting {safeText(file ?? '', 100)} again</Text>
            <Progress flex={1} value={done} size="sm" animated aria-label="How far the verification is" />
            <Button size="compact-xs" variant="default" onClick={verify.cancel}>Cancel</Button>
          </Group>
        )}
        <FailureNote error={unreadable ?? verify.error} />
        {verify.data !== undefined && !verify.isPending && <Verdict answer={verify.data} file={file ?? ''} />}
      </Stack>
    </div>
  )
}
