import { Anchor, Badge, Button, Collapse, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Finding } from '../../../shared/model/why.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Forest } from './forest.tsx'
import type { RatioScale } from './scale.ts'
import classes from './why.module.css'

const verdicts = { holds: { text: 'holds', color: 'teal' }, weaker: { text: 'weaker with others', color: 'yellow' }, explained: { text: 'explained by others', color: 'gray' }, unchecked: { text: '', color: 'gray' } } as const

/** One finding: the sentence, both shares with their counts, the odds, what confounders leave of it, and the users behind. */
export function FindingRow({ finding, scale }: { readonly finding: Finding; readonly scale: RatioScale }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const { phrase, group, verdict, exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched, confounding, sentence, q, variants } = finding
  const { text, color } = verdicts[verdict]
  return (
    <li className={classes.finding} data-verdict={verdict}>
      <div className={classes.row}>
        <div className={classes.phrase}>
          <Text size="sm" fw={600} component="h3">Where {safeText(phrase, 300)}</Text>
          <Group gap={6} mt={3}>
            <Badge size="xs" variant="default" tt="none">{group}</Badge>
            {finding.instead || finding.way ? <Badge size="xs" variant="light" color="blue" tt="none">{finding.way ? 'on the way' : 'came instead'}</Badge> : text !== '' && <Badge size="xs" variant="light" color={color} tt="none">{text}</Badge>}
          </Group>
        </div>
        <div className={classes.shares}>
          <Share name="there" matched={exposedMatched} all={exposedMatched + exposedUnmatched} isThere />
          <Share name="elsewhere" matched={unexposedMatched} all={unexposedMatched + unexposedUnmatched} />
        </div>
        <Forest finding={finding} scale={scale} />
        <Button size="compact-xs" variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? 'Less' : 'Users, details'}</Button>
      </div>
      <Collapse expanded={isOpen}>
        <div className={classes.details}>
          <Text size="sm">{safeText(sentence, 2000)}</Text>
          <Text size="sm" mt={4}>{safeText(confounding, 2000)}</Text>
          <Text size="xs" c="dimmed" mt={4}>False discovery rate q {q < 1e-4 ? '< 0.0001' : `= ${q.toPrecision(2)}`}.{variants > 0 ? ` ${formatCount(variants)} more of its kind ${variants === 1 ? 'was' : 'were'} found: other windows, thresholds or values.` : ''}</Text>
          <Examples finding={finding} />
        </div>
      </Collapse>
    </li>
  )
}

function Share({ name, matched, all, isThere = false }: { readonly name: string; readonly matched: number; readonly all: number; readonly isThere?: boolean }): ReactNode {
  const share = all === 0 ? 0 : matched / all
  return (
    <div className={classes.share}>
      <span>{name}</span>
      <div className={classes.shareBar}><i data-there={isThere || undefined} style={{ width: `${share * 100}%` }} /></div>
      <b>{formatShare(share)}</b>
      <span>{formatCount(matched)} of {formatCount(all)}</span>
    </div>
  )
}

/** Users for whom it holds; each leads into their timeline, at the moment. */
function Examples({ finding: { examples } }: { readonly finding: Finding }): ReactNode {
  const [isAll, setAll] = useState(false)
  if (examples.length === 0) return null
  const shown = (matched: boolean): readonly Finding['examples'][number][] => examples.filter((one) => one.matched === matched).slice(0, isAll ? undefined : 6)
  return (
    <div className={classes.examples}>
      {[true, false].map((matched) => shown(matched).length > 0 && (
        <div key={String(matched)}>
          <Text size="xs" fw={600}>{matched ? 'Users for whom it holds, and who did' : 'Users for whom it holds, and who did not'}</Text>
          {shown(matched).map(({ user, time }, index) => (
            <Text key={index} size="xs" component="div">
              <Anchor size="xs" renderRoot={(props) => <Link {...props} to="/timelines" search={{ user, at: Number(time / 1000n) } as never} />}>{safeText(user, 60)}</Anchor> <Text span size="xs" c="dimmed"><TimeText time={time} /></Text>
            </Text>
          ))}
        </div>
      ))}
      {examples.length > 12 && <Button size="compact-xs" variant="subtle" onClick={() => setAll(!isAll)}>{isAll ? 'Fewer' : `All ${formatCount(examples.length)} examples`}</Button>}
    </div>
  )
}
