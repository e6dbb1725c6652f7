import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, type PointerEvent, type ReactNode, type Ref } from 'react'
import { timeTicks } from '../time-axis.ts'
import { themeColor } from '../use-canvas.ts'
import { fitAll, laneIndex, layoutMarks, markAt, zoomed, type Mark, type TimelineEvents } from './layout.ts'
import classes from './timeline-canvas.module.css'

/** What a screen may do to a timeline from outside. */
export interface TimelineHandle {
  zoom(factor: number): void
  pan(share: number): void
  fit(): void
  show(from: number, to: number): void
  /** The range that is seen now, epoch milliseconds. */
  range(): { readonly from: number; readonly to: number }
}

interface Props {
  readonly events: TimelineEvents
  readonly laneNames: readonly string[]
  readonly colorOf: (type: number) => string
  readonly selected: number | undefined
  /** Events that are pointed out, such as the steps of a match, with what they are called. */
  readonly labels?: ReadonlyMap<number, string> | undefined
  readonly axis: 'time' | 'offset'
  /** What an event or several are, for the hint at the pointer. */
  readonly describe: (mark: Mark) => string
  readonly onSelect: (event: number) => void
  /** Called when the range has come to rest. */
  readonly onRange: (from: number, to: number) => void
  readonly ref: Ref<TimelineHandle>
}

const laneHeight = 26
const axisHeight = 22
const labelWidth = 150

/**
 * Lanes of events over time. Zoom with the wheel, pan by dragging or with the wheel and Shift; what would overlap becomes
 * one mark that says how many it is. Nothing is rendered by React while it moves: the range lives beside it,
 * and stays when events are added. What shows something else is given a `key` of its own.
 */
export function TimelineCanvas({ events, laneNames, colorOf, selected, labels, axis, describe, onSelect, onRange, ref }: Props): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const hint = useRef<HTMLDivElement>(null)
  const index = useMemo(() => laneIndex(events), [events])
  const all = useRef(fitAll(events.time))
  const view = useRef(fitAll(events.time))
  const marks = useRef<readonly Mark[]>([])
  const frame = useRef(0)
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const drag = useRef<{ readonly x: number; readonly from: number; readonly to: number; moved: boolean } | undefined>(undefined)

  const draw = useCallback(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === undefined || context === null) return
    const width = element.clientWidth
    const height = element.clientHeight
    const scale = window.devicePixelRatio
    if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
      element.width = Math.round(width * scale)
      element.height = Math.round(height * scale)
    }
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)
    marks.current = layoutMarks(events, index, { ...view.current, width: Math.max(1, width - labelWidth) })
    drawTimeline(context, { width, height, view: view.current, marks: marks.current, laneNames, colorOf, selected, labels, events, axis })
  }, [events, index, laneNames, colorOf, selected, labels, axis])

  const redraw = useCallback(() => {
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(draw)
  }, [draw])

  const move = useCallback(
    (from: number, to: number) => {
      view.current = { from, to }
      redraw()
      clearTimeout(rest.current)
      rest.current = setTimeout(() => onRange(from, to), 250)
    },
    [redraw, onRange],
  )

  useEffect(() => {
    // more events do not move what is looked at; who looks at all of them goes on doing so
    const showsAll = view.current.from === all.current.from && view.current.to === all.current.to
    all.current = fitAll(events.time)
    if (showsAll) view.current = all.current
  }, [events])
  useEffect(() => {
    const element = canvas.current
    if (element === null) return undefined
    const observer = new ResizeObserver(redraw)
    observer.observe(element)
    redraw()
    const wheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { from, to } = view.current
      const pixels = Math.max(1, element.clientWidth - labelWidth)
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const shift = ((event.deltaX === 0 ? event.deltaY : event.deltaX) / pixels) * (to - from)
        move(from + shift, to + shift)
        return
      }
      const around = from + (Math.max(0, event.offsetX - labelWidth) / pixels) * (to - from)
      const next = zoomed(view.current, Math.exp(event.deltaY * 0.0015), around)
      move(next.from, next.to)
    }
    // a passive listener could not keep the page from scrolling
    element.addEventListener('wheel', wheel, { passive: false })
    return () => {
      observer.disconnect()
      element.removeEventListener('wheel', wheel)
      cancelAnimationFrame(frame.current)
      clearTimeout(rest.current)
    }
  }, [redraw, move])

  useImperativeHandle(ref, () => ({
    zoom(factor) {
      const { from, to } = view.current
      const next = zoomed(view.current, factor, (from + to) / 2)
      move(next.from, next.to)
    },
    pan(share) {
      const { from, to } = view.current
      move(from + share * (to - from), to + share * (to - from))
    },
    fit() {
      const { from, to } = fitAll(events.time)
      move(from, to)
    },
    show: move,
    range: () => view.current,
  }), [events, move])

  const place = (event: PointerEvent): { readonly x: number; readonly lane: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left - labelWidth, lane: Math.floor((event.clientY - box.top - axisHeight) / laneHeight) }
  }
  const pointerMove = (event: PointerEvent): void => {
    const { x, lane } = place(event)
    if (drag.current !== undefined) {
      const pixels = Math.max(1, event.currentTarget.clientWidth - labelWidth)
      const shift = ((drag.current.x - x) / pixels) * (drag.current.to - drag.current.from)
      if (Math.abs(drag.current.x - x) > 3) drag.current.moved = true
      if (drag.current.moved) move(drag.current.from + shift, drag.current.to + shift)
      return
    }
    const mark = markAt(marks.current, lane, x)
    if (hint.current === null) return
    hint.current.style.display = mark === undefined ? 'none' : 'block'
    if (mark === undefined) return
    hint.current.textContent = describe(mark)
    hint.current.style.left = `${Math.min(x + labelWidth + 12, event.currentTarget.clientWidth - 300)}px`
    hint.current.style.top = `${axisHeight + lane * laneHeight + laneHeight}px`
  }
  const pointerUp = (event: PointerEvent): void => {
    const wasDrag = drag.current?.moved === true
    drag.current = undefined
    if (wasDrag) return
    const { x, lane } = place(event)
    const mark = markAt(marks.current, lane, x)
    if (mark !== undefined) onSelect(mark.first)
  }
  return (
    <div className={classes.box} tabIndex={0} role="group" aria-label="Timeline">
      <canvas
        ref={canvas}
        className={classes.canvas}
        style={{ height: axisHeight + Math.max(1, laneNames.length) * laneHeight + 6 }}
        role="img"
        aria-label={`Timeline of ${events.time.length.toLocaleString()} events in ${laneNames.length} lanes. The list below has the same events.`}
        data-testid="timeline"
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          drag.current = { x: place(event).x, ...view.current, moved: false }
        }}
        onPointerMove={pointerMove}
        onPointerUp={pointerUp}
        onPointerLeave={() => {
          if (hint.current !== null) hint.current.style.display = 'none'
        }}
      />
      <div ref={hint} className={classes.hint} />
    </div>
  )
}

interface Drawn {
  readonly width: number
  readonly height: number
  readonly view: { readonly from: number; readonly to: number }
  readonly marks: readonly Mark[]
  readonly laneNames: readonly string[]
  readonly colorOf: (type: number) => string
  readonly selected: number | undefined
  readonly labels: ReadonlyMap<number, string> | undefined
  readonly events: TimelineEvents
  readonly axis: 'time' | 'offset'
}

function drawTimeline(context: CanvasRenderingContext2D, { width, height, view, marks, laneNames, colorOf, selected, labels, events, axis }: Drawn): void {
  const dimmed = themeColor(context.canvas, '--mantine-color-dimmed')
  const line = themeColor(context.canvas, '--mantine-color-default-border')
  const ink = themeColor(context.canvas, '--mantine-color-text')
  const paper = themeColor(context.canvas, '--mantine-color-body')
  const scale = (width - labelWidth) / (view.to - view.from)
  const x = (time: number): number => labelWidth + (time - view.from) * scale
  context.font = `11px ${themeColor(context.canvas, '--mantine-font-family')}`
  context.textBaseline = 'middle'
  context.textAlign = 'center'
  // where the next label may begin
  let free = labelWidth
  for (const { time, label, isDay } of timeTicks(view.from, view.to, Math.max(2, (width - labelWidth) / 110))) {
    // where a day begins the line is firmer, but never as firm as what happened
    context.strokeStyle = isDay && axis === 'time' ? dimmed : line
    context.globalAlpha = isDay && axis === 'time' ? 0.45 : 1
    context.beginPath()
    context.moveTo(Math.round(x(time)) + 0.5, axisHeight - 4)
    context.lineTo(Math.round(x(time)) + 0.5, height)
    context.stroke()
    context.globalAlpha = 1
    context.fillStyle = dimmed
    const text = axis === 'time' ? label : offsetLabel(time)
    const half = context.measureText(text).width / 2
    // at an edge the label stands beside its line rather than not at all
    const at = Math.max(labelWidth + half + 2, Math.min(width - half - 2, x(time)))
    if (Math.abs(at - x(time)) <= half && at - half > free) {
      context.fillText(text, at, axisHeight / 2)
      free = at + half + 8
    }
  }
  for (const [lane, name] of laneNames.entries()) {
    const y = axisHeight + lane * laneHeight
    context.strokeStyle = line
    context.beginPath()
    context.moveTo(0, y + laneHeight + 0.5)
    context.lineTo(width, y + laneHeight + 0.5)
    context.stroke()
    context.fillStyle = ink
    context.textAlign = 'left'
    context.fillText(shortened(context, name, labelWidth - 14), 6, y + laneHeight / 2)
  }
  context.save()
  context.beginPath()
  context.rect(labelWidth, 0, width - labelWidth, height)
  context.clip()
  context.textAlign = 'center'
  for (const { lane, x: at, count, type, first, last } of marks) {
    const y = axisHeight + lane * laneHeight + laneHeight / 2
    const left = labelWidth + at
    const isSelected = selected !== undefined && selected >= first && selected <= last && events.lane[selected] === lane
    context.fillStyle = type === -1 ? dimmed : colorOf(type)
    if (count === 1) {
      context.beginPath()
      context.arc(left, y, 4.5, 0, 7)
      context.fill()
    } else {
      // taller for more, never wider: neighbours stay apart
      const tall = Math.min(laneHeight - 5, 9 + 2.2 * Math.log2(count))
      context.fillRect(left - 4, y - tall / 2, 8, tall)
      if (count < 10) {
        context.fillStyle = paper
        context.fillText(String(count), left, y + 0.5)
      }
    }
    if (isSelected) {
      context.strokeStyle = ink
      context.lineWidth = 2
      context.strokeRect(left - 6.5, y - laneHeight / 2 + 2, 13, laneHeight - 4)
      context.lineWidth = 1
    }
  }
  drawLabels(context, { labels, events, x, ink, paper })
  context.restore()
}

/** Rings around the events that are pointed out, joined in the order of time, each with its name. */
function drawLabels(context: CanvasRenderingContext2D, { labels, events, x, ink, paper }: { readonly labels: ReadonlyMap<number, string> | undefined; readonly events: TimelineEvents; readonly x: (time: number) => number; readonly ink: string; readonly paper: string }): void {
  if (labels === undefined || labels.size === 0) return
  const places = [...labels].map(([event, label]) => ({ label, left: x(events.time[event] ?? 0), y: axisHeight + (events.lane[event] ?? 0) * laneHeight + laneHeight / 2 })).sort((a, b) => a.left - b.left)
  context.strokeStyle = ink
  context.lineWidth = 1.5
  context.beginPath()
  for (const [index, { left, y }] of places.entries()) {
    if (index === 0) context.moveTo(left, y)
    else context.lineTo(left, y)
  }
  context.stroke()
  context.lineWidth = 2
  context.textAlign = 'left'
  for (const { label, left, y } of places) {
    context.beginPath()
    context.arc(left, y, 7.5, 0, 7)
    context.stroke()
    const width = context.measureText(label).width
    context.fillStyle = paper
    context.globalAlpha = 0.85
    context.fillRect(left + 10, y - 8, width + 6, 16)
    context.globalAlpha = 1
    context.fillStyle = ink
    context.fillText(label, left + 13, y + 0.5)
  }
  context.lineWidth = 1
}

/** `+2h 5m` */
function offsetLabel(millis: number): string {
  const sign = millis < 0 ? '−' : '+'
  const seconds = Math.abs(millis) / 1000
  if (seconds < 1) return `${sign}${Math.round(Math.abs(millis))}ms`
  if (seconds < 120) return `${sign}${Math.round(seconds * 10) / 10}s`
  if (seconds < 7200) return `${sign}${Math.round(seconds / 6) / 10}m`
  if (seconds < 172_800) return `${sign}${Math.round(seconds / 360) / 10}h`
  return `${sign}${Math.round(seconds / 8640) / 10}d`
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let length = Math.min(text.length, 40)
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--
  return `${text.slice(0, length)}…`
}
