import { ActionIcon, Badge, Group, Table, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ExportedFile } from '../../../shared/report/export.ts'
import { CopyValue } from '../../ui/copy-value.tsx'
import { formatBytes } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { formatNames } from './formats.tsx'
import classes from './reports.module.css'

/** What an export has written, and where. */
export function ExportedFiles({ files, onClose }: { readonly files: readonly ExportedFile[]; readonly onClose: () => void }): ReactNode {
  const [first] = files
  const folder = first?.path.replace(/[\\/][^\\/]*$/, '') ?? ''
  return (
    <section className={classes.files} aria-label="Written files">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>{files.length} {files.length === 1 ? 'file' : 'files'} in</Text>
          <Text size="sm" className="one-line mono" title={safeText(folder, 1000)}>{safeText(folder, 300)}</Text>
          <CopyValue value={folder} name="the path of the folder" />
        </Group>
        <ActionIcon size="sm" variant="subtle" color="gray" onClick={onClose} aria-label="Close the list of files"><IconX size={15} /></ActionIcon>
      </Group>
      <Table fz="xs" verticalSpacing={2} withRowBorders={false} aria-label="Written files">
        <Table.Tbody>
          {files.map(({ path, bytes, format }) => (
            <Table.Tr key={path}>
              <Table.Td w={120}><Badge size="sm" variant="default" tt="none">{formatNames[format].name}</Badge></Table.Td>
              <Table.Td><Text size="xs" className="mono" style={{ overflowWrap: 'anywhere' }}>{safeText(path.slice(folder.length + 1), 300)}</Text></Table.Td>
              <Table.Td ta="right" className="numeric" style={{ whiteSpace: 'nowrap' }}>{formatBytes(bytes)}</Table.Td>
              <Table.Td w={32}><CopyValue value={path} name={`the path of ${safeText(path.slice(folder.length + 1), 100)}`} /></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
