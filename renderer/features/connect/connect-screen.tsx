import { Stack, Tabs } from '@mantine/core'
import { IconFileTypeCsv, IconPlugConnected } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { z } from 'zod'
import { useSearchState } from '../../view/search-state.ts'
import { FileImport } from './file-import.tsx'
import { KafkaSteps } from './kafka-steps.tsx'
import { SourceList } from './source-list.tsx'
import classes from './connect.module.css'

const ConnectState = z.object({ file: z.string().optional().catch(undefined), from: z.enum(['kafka', 'file']).optional().catch(undefined) })

/** Where events come from: a Kafka topic or a file, and what is there already. */
export function ConnectScreen(): ReactNode {
  const [state, setState] = useSearchState(ConnectState)
  return (
    <div className={classes.page}>
      <Stack gap="md" maw={1080} mx="auto">
        <Tabs value={state.from ?? (state.file === undefined ? 'kafka' : 'file')} onChange={(from) => setState({ from: from === 'file' ? 'file' : 'kafka' })}>
          <Tabs.List mb="md">
            <Tabs.Tab value="kafka" leftSection={<IconPlugConnected size={16} />}>Kafka</Tabs.Tab>
            <Tabs.Tab value="file" leftSection={<IconFileTypeCsv size={16} />}>File</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="kafka"><KafkaSteps /></Tabs.Panel>
          <Tabs.Panel value="file"><FileImport path={state.file} onChoose={(file) => setState({ file, from: 'file' })} /></Tabs.Panel>
        </Tabs>
        <SourceList />
      </Stack>
    </div>
  )
}
