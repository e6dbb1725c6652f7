import { Menu } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useMemo, type ReactNode } from 'react'
import type { Paths } from '../../../shared/model/discovery.ts'
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useTypes } from '../../view/use-types.ts'
import classes from './discover.module.css'
import { bandPath, layOut, nodeWidth, type PlacedNode } from './sankey-layout.ts'

type PathNode = Paths['columns'][number][number]
const height = 400
/** As wide as a node with its label may be, so that the last column's stay inside. */
const labelWidth = 138

interface Props {
  readonly paths: Paths
  readonly reverse: boolean
  readonly units: string
  readonly onHide: (type: string) => void
  readonly onStart: (type: string) => void
  readonly onExpand: (shown: readonly string[]) => void
}

/** Paths as bands between columns of which each adds up to all; every node can be hidden, expanded, or made the start. */
export function Sankey({ paths, reverse, units, onHide, onStart, onExpand }: Props): ReactNode {
  const { ref, width } = useElementSize()
  const { color } = useTypes()
  const { nodes, links } = useMemo(() => layOut(paths, Math.max(200, width), height, reverse, labelWidth), [paths, width, reverse])
  const fill = (node: PathNode | undefined): string => (node?.type !== undefined ? color(node.type) : node?.kind === 'ended' ? 'var(--mantine-color-dimmed)' : 'var(--discover-other)')
  const sums = paths.columns.map((column) => column.reduce((sum, node) => sum + node.units, 0))
  return (
    <div className={classes.sankey}>
      <div className={classes.heads}>
        {sums.map((sum, column) => (
          <span key={column} style={{ left: nodes.find((node) => node.column === column)?.x ?? 0 }}>
            <b>{column === 0 ? (reverse ? 'the end' : 'the start') : `${formatCount(column)} ${reverse ? 'before' : 'after'}`}</b>
            {formatCount(sum)} {units}
          </span>
        ))}
      </div>
      <div ref={ref} className={classes.drawing} style={{ height: height + 8 }}>
        <svg width={width} height={height + 8} aria-hidden>
          {links.map((placed) => {
            const { column, from, to, units: count, median } = placed.link
            const [source, target] = [paths.columns[column]?.[from], paths.columns[column + 1]?.[to]]
            return <path key={`${column} ${from} ${to}`} d={bandPath(placed)} className={classes.band} data-ended={target?.kind === 'ended' || undefined} style={{ fill: fill(target?.kind === 'ended' ? target : source) }}><title>{`${(reverse ? [target, source] : [source, target]).map((node) => nameOf(node, reverse)).join(' → ')}: ${formatCount(count)} ${units}${median === undefined ? '' : `, half within ${formatDuration(median / 1000)}`}`}</title></path>
          })}
        </svg>
        {nodes.map((placed) => <NodeMenu key={`${placed.column} ${placed.index}`} placed={placed} color={fill(placed.node)} share={placed.node.units / Math.max(1, paths.population)} units={units} reverse={reverse} shown={(paths.columns[placed.column] ?? []).flatMap(({ type }) => type ?? [])} {...{ onHide, onStart, onExpand }} />)}
      </div>
    </div>
  )
}

/** What a node is called; `reverse` where paths are followed backward, and end where they began. */
export function nameOf(node: PathNode | undefined, reverse: boolean): string {
  if (node?.type !== undefined) return safeText(node.type, 60)
  return node?.kind === 'other' ? `other (${formatCount(node.types ?? 0)} types)` : reverse ? 'began here' : 'ended here'
}

function NodeMenu({ placed: { node, column, x, y, height: tall }, color, share, units, reverse, shown, onHide, onStart, onExpand }: { readonly placed: PlacedNode; readonly color: string; readonly share: number; readonly units: string; readonly reverse: boolean; readonly shown: readonly string[] } & Pick<Props, 'onHide' | 'onStart' | 'onExpand'>): ReactNode {
  const { kind, type } = node
  // a small share is not nothing
  const told = share < 0.0005 ? `<${formatShare(0.001)}` : formatShare(share)
  const said = `${nameOf(node, reverse)}: ${formatCount(node.units)} ${units}, ${told}`
  const label = (
    <span className={classes.nodeLabel} data-small={tall < 26 || undefined}><bdi>{kind === 'other' ? 'other' : nameOf(node, reverse)}</bdi> <i>{told}</i></span>
  )
  const style = { left: x, top: y, height: tall }
  if (node.units === 0) return null
  if (kind === 'ended') return <div className={classes.node} style={style} role="img" aria-label={said} title={said}><b style={{ background: color, width: nodeWidth }} data-kind={kind} />{label}</div>
  return (
    <Menu shadow="md" position="bottom-start">
      <Menu.Target><button type="button" className={classes.node} style={style} aria-label={said} title={said}><b style={{ background: color, width: nodeWidth }} data-kind={kind} />{label}</button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{said}</Menu.Label>
        {type === undefined ? <Menu.Item onClick={() => onExpand(shown)}>Expand it into its types</Menu.Item> : (
          <>
            {column > 0 && <Menu.Item onClick={() => onHide(type)}>Hide it, as if it had not happened</Menu.Item>}
            {column > 0 && <Menu.Item onClick={() => onStart(type)}>Make it the start</Menu.Item>}
            {column === 0 && <Menu.Item disabled>Choose another above</Menu.Item>}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
