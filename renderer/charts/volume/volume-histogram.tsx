import { useCallback, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { formatCount, formatDuration, formatMinute, formatShort } from '../../ui/format.ts'
import { timeTicks } from '../time-axis.ts'
import { themeColor, useCanvas } from '../use-canvas.ts'
import { dragged, gripAt, nudged, type Grip, type TimeSpan } from './brush.ts'
import { roundTop, type Volume } from './resolution.ts'
import classes from './volume-histogram.module.css'

const margin = { left: 46, right: 10, top: 8, bottom: 18 }

/**
 * How many events there were over time, stacked by type, with a brush: drag to select, drag its edges or its body, double
 * click or Escape to clear, arrow keys to move. `onSelect` is called while dragging, `onSettle` when it ends.
 */
export function VolumeHistogram({ volume, resolution, domain, selection, color, onSelect }: { readonly volume: Volume; readonly resolution: number; readonly domain: TimeSpan; readonly selection: TimeSpan | undefined; readonly color: (type: string) => string; readonly onSelect: (selection: TimeSpan | undefined) => void }): ReactNode {
  const drag = useRef<{ readonly grip: Grip; readonly start: number; readonly before: TimeSpan | undefined } | undefined>(undefined)
  const [hover, setHover] = useState<number | undefined>(undefined)
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => drawVolume(context, width, height, { volume, resolution, domain, selection, color }),
    [volume, resolution, domain, selection, color],
  )
  const canvas = useCanvas(draw)
  const timeAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return domain.from + ((event.clientX - box.left - margin.left) / Math.max(1, box.width - margin.left - margin.right)) * (domain.to - domain.from)
  }
  const pixelsOf = (event: PointerEvent, time: number): number => {
    const { width } = event.currentTarget.getBoundingClientRect()
    return ((time - domain.from) / (domain.to - domain.from)) * (width - margin.left - margin.right)
  }
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const grip = gripAt(pixelsOf(event, timeAt(event)), selection === undefined ? undefined : { from: pixelsOf(event, selection.from), to: pixelsOf(event, selection.to) })
    drag.current = { grip, start: timeAt(event), before: selection }
  }
  const move = (event: PointerEvent): void => {
    const now = timeAt(event)
    setHover(Math.floor(now / resolution) * resolution)
    if (drag.current === undefined) return
    const { grip, start, before } = drag.current
    // a click that trembles is no selection
    if (grip === 'new' && Math.abs(pixelsOf(event, now) - pixelsOf(event, start)) < 4) return
    onSelect(dragged(grip, before, start, now, domain))
  }
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onSelect(undefined)
    const share = event.key === 'ArrowLeft' ? -0.25 : event.key === 'ArrowRight' ? 0.25 : undefined
    if (share === undefined) return
    event.preventDefault()
    const length = (domain.to - domain.from) / 10
    onSelect(nudged(selection ?? { from: domain.from, to: domain.from + length }, selection === undefined ? 0 : share, domain))
  }
  const at = hover === undefined ? -1 : volume.buckets.indexOf(hover)
  const note = at === -1 ? '' : `${formatMinute(hover ?? 0)}: ${formatCount(volume.totals[at] ?? 0)} events in ${formatDuration(resolution)}`
  return (
    <div className={classes.box}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        tabIndex={0}
        role="application"
        aria-label={`Events over time. Drag or use the arrow keys to select a range, Escape to clear it.${selection === undefined ? '' : ` Selected: ${formatMinute(selection.from)} to ${formatMinute(selection.to)}.`}`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          drag.current = undefined
        }}
        onPointerLeave={() => setHover(undefined)}
        onDoubleClick={() => onSelect(undefined)}
        onKeyDown={keys}
      />
      {note !== '' && <span className={classes.note}>{note}</span>}
    </div>
  )
}

interface Drawn {
  readonly volume: Volume
  readonly resolution: number
  readonly domain: TimeSpan
  readonly selection: TimeSpan | undefined
  readonly color: (type: string) => string
}

function drawVolume(context: CanvasRenderingContext2D, width: number, height: number, { volume, resolution, domain, selection, color }: Drawn): void {
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom }
  const x = (time: number): number => margin.left + ((time - domain.from) / (domain.to - domain.from)) * inner.width
  const most = roundTop(Math.max(1, ...volume.totals))
  const text = themeColor(context.canvas, '--mantine-color-dimmed')
  const line = themeColor(context.canvas, '--mantine-color-default-border')
  context.font = `11px ${themeColor(context.canvas, '--mantine-font-family')}`
  context.textBaseline = 'middle'
  context.strokeStyle = line
  for (const share of [0, 0.5, 1]) {
    const y = margin.top + inner.height * (1 - share)
    context.beginPath()
    context.moveTo(margin.left, y + 0.5)
    context.lineTo(width - margin.right, y + 0.5)
    context.stroke()
    context.fillStyle = text
    context.textAlign = 'right'
    context.fillText(formatShort(most * share), margin.left - 6, y)
  }
  context.textAlign = 'center'
  for (const { time, label } of timeTicks(domain.from, domain.to, Math.max(2, inner.width / 110))) {
    if (x(time) > margin.left + 20 && x(time) < width - margin.right - 20) context.fillText(label, x(time), height - margin.bottom / 2 + 2)
  }
  for (const [bucket, time] of volume.buckets.entries()) {
    const left = Math.max(margin.left, x(time))
    const bar = Math.min(width - margin.right, x(time + resolution)) - left
    if (bar <= 0) continue
    context.globalAlpha = selection === undefined || (time + resolution > selection.from && time < selection.to) ? 1 : 0.28
    let top = margin.top + inner.height
    for (const [type, counts] of volume.counts.entries()) {
      const share = ((counts[bucket] ?? 0) / most) * inner.height
      if (share <= 0) continue
      top -= share
      context.fillStyle = color(volume.types[type] ?? '')
      context.fillRect(left, top, Math.max(1, bar - (bar > 3 ? 1 : 0)), share)
    }
  }
  context.globalAlpha = 1
  if (selection === undefined) return
  context.fillStyle = 'rgba(20, 150, 130, 0.12)'
  context.fillRect(x(selection.from), margin.top, x(selection.to) - x(selection.from), inner.height)
  context.fillStyle = themeColor(context.canvas, '--mantine-primary-color-filled')
  for (const time of [selection.from, selection.to]) context.fillRect(x(time) - 1, margin.top, 2, inner.height)
}
