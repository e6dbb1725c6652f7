import { Alert, Badge, Button, Group, Text, Title } from '@mantine/core'
import { IconFileAnalytics, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import type { Finding, WhyAnswer } from '../../../shared/model/why.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { saveFile } from '../../ui/save-file.ts'
import { View } from '../../view/view.ts'
import { FindingRow } from './finding-row.tsx'
import { ForestAxis } from './forest.tsx'
import { ratioScale, type RatioScale } from './scale.ts'
import { toText } from './to-text.ts'
import classes from './why.module.css'

/** An answer as a page: what was compared, what makes a difference, what may, and how far it goes. @param behavior whose report tells it too, if any does */
export function AnswerPage({ answer, title, behavior }: { readonly answer: WhyAnswer; readonly title: string; readonly behavior?: string }): ReactNode {
  const { findings, near, chances, matched, users, undecided, tried, tooRare, unit, notes, association } = answer
  const scale = useMemo(() => ratioScale([...findings.filter(({ instead, way }) => !instead && !way), ...near].map(({ oddsRatio }) => oddsRatio)), [findings, near])
  const direct = findings.filter(({ instead, way, verdict }) => !instead && !way && verdict !== 'explained')
  const instead = findings.filter(({ instead: isInstead, verdict }) => isInstead && verdict !== 'explained')
  const way = findings.filter((finding) => finding.way && finding.verdict !== 'explained')
  const explained = findings.filter(({ verdict }) => verdict === 'explained')
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={3}>{safeText(title, 200)}</Title>
          <Text size="sm" mt={2}><b>{formatShare(matched / chances)}</b>: {formatCount(matched)} of {formatCount(chances)} chances of {formatCount(users)} users{undecided > 0 ? `; ${formatCount(undecided)} more are not decided yet` : ''}</Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" variant="default" onClick={() => saveFile('why.txt', 'text/plain', [toText(title, answer)])}>Save as text</Button>
          {behavior !== undefined && <Button size="xs" variant="default" leftSection={<IconFileAnalytics size={15} />} renderRoot={(props) => <Link {...props} to="/reports" search={((before: Record<string, unknown>) => ({ ...View.parse(before), of: [behavior] })) as never} />}>Report…</Button>}
        </Group>
      </Group>
      <Text size="xs" c="dimmed" mt={2} maw={860}>{safeText(unit, 1000)}</Text>
      <Group gap="xs" mt="xs">
        <Badge variant="light" tt="none">{formatCount(tried)} facts tried</Badge>
        <Badge variant="default" tt="none">{formatCount(tooRare)} hold for too few or too many</Badge>
        <Badge variant="light" color={findings.length > 0 ? 'teal' : 'gray'} tt="none">{findings.length === 0 ? 'none' : formatCount(findings.length)} beyond chance, at a false discovery rate of 5%</Badge>
      </Group>
      {direct.length > 0 && <Section title="What goes with it" scale={scale} findings={direct} />}
      {findings.length === 0 && <Text mt="md">Nothing that was tried makes a difference beyond chance. More events, or a table that says more about them, may.</Text>}
      {way.length > 0 && <Section title="Steps on the way" about="Nearly all who did it came by these first: they say how it was done rather than why." scale={scale} findings={way} />}
      {instead.length > 0 && <Section title="What came instead" about="These came while one waits, and make it rarer: they say more about what was done than about why." scale={scale} findings={instead} />}
      {explained.length > 0 && <Section title="Explained by others" about="These go with it too, but little is left of them once the stronger findings are held constant." scale={scale} findings={explained} />}
      {near.length > 0 && <Section title="Nearest, but it may be chance" scale={scale} findings={near} />}
      <Alert mt="md" variant="light" color="gray" icon={<IconInfoCircle size={18} />} p="xs"><Text size="sm">{association}</Text>{notes.map((note) => <Text key={note} size="xs" c="dimmed" mt={4}>{safeText(note, 1000)}</Text>)}</Alert>
    </div>
  )
}

function Section({ title, about, scale, findings }: { readonly title: string; readonly about?: string; readonly scale: RatioScale; readonly findings: readonly Finding[] }): ReactNode {
  return (
    <section>
      <div className={classes.head}>
        <div><Text fw={600} component="h2">{title}</Text>{about !== undefined && <Text size="xs" c="dimmed">{about}</Text>}</div>
        <Text size="xs" c="dimmed">share that did</Text>
        <div><Text size="xs" c="dimmed">odds (95%) · <span className={classes.legend}>◆</span> others held constant</Text><ForestAxis scale={scale} /></div>
        <span />
      </div>
      <ul className={classes.list}>{findings.map((finding) => <FindingRow key={finding.family} finding={finding} scale={scale} />)}</ul>
    </section>
  )
}
