import { useCallback, useEffect, useImperativeHandle, useRef, type MouseEvent, type PointerEvent, type ReactNode, type Ref } from 'react'
import type { AxisKind } from './axis.ts'
import { axisHeight, drawStrips, gutterWidth, sceneGrid, type Scene } from './draw.ts'
import { drawFigure } from './figure.ts'
import { markAt, type Mark, type Range, type Strips } from './marks.ts'
import { movedRow, rangePanned, rangeZoomed, scrollShowing } from './navigate.ts'
import classes from './strips-canvas.module.css'

/** What a screen may do to strips from outside. */
export interface StripsHandle {
  zoom(factor: number): void
  pan(share: number): void
  /** Selects the row that an arrow, Page Up or Down, Home or End leads to. */
  press(key: string): void
  /** The range that is seen now. */
  range(): Range
  /** All rows as a PNG, as far as a picture is large, under a caption and a legend. */
  picture(caption: readonly string[]): Promise<Blob>
}

interface Props {
  readonly strips: Strips
  readonly axis: AxisKind
  readonly colors: readonly string[]
  readonly names: readonly string[]
  readonly nameOf: (user: number) => string
  /** CSS pixels. */
  readonly rowHeight: number
  /** What to show; it may be moved from there. */
  readonly range: Range
  readonly selectedRow: number
  readonly label: string
  /** What a mark is, for the hint at the pointer. */
  readonly describe: (row: number, mark: Mark | undefined) => string
  readonly onSelect: (row: number) => void
  readonly onOpen: (row: number, mark: Mark | undefined) => void
  /** Called when the range has come to rest. */
  readonly onRange: (range: Range) => void
  readonly ref: Ref<StripsHandle>
}

const restMs = 250
/** A press that moves less is a click, in pixels. */
const tremor = 4
const reach = 5

/**
 * Sequences of many users as colored strips under each other. The wheel scrolls; with Ctrl it zooms, with Shift it pans;
 * dragging moves both ways. Nothing is rendered by React while it moves: range and scroll live beside it, and each frame
 * paints the rows in sight as one image.
 */
export function StripsCanvas({ strips, axis, colors, names, nameOf, rowHeight, range, selectedRow, label, describe, onSelect, onOpen, onRange, ref }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const hint = useRef<HTMLDivElement>(null)
  const view = useRef(range)
  const reported = useRef(range)
  const keep = useRef<{ image?: ImageData }>({})
  const frame = useRef(0)
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const drag = useRef<{ readonly x: number; readonly y: number; readonly view: Range; readonly scroll: number; moved: boolean } | undefined>(undefined)
  // rows begin at whole device pixels, or they would blur and drift
  const density = window.devicePixelRatio
  const rowSize = Math.max(1, Math.round(rowHeight * density)) / density

  const sceneNow = useCallback((): Scene => ({ strips, range: view.current, axis, colors, names, nameOf, rowHeight: rowSize, scroll: scroller.current?.scrollTop ?? 0, selectedRow }), [strips, axis, colors, names, nameOf, rowSize, selectedRow])

  const draw = useCallback(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === undefined || context === null || scroller.current === null) return
    const { clientWidth: width, clientHeight: height } = scroller.current
    if (element.width !== Math.round(width * density) || element.height !== Math.round(height * density)) {
      element.width = Math.round(width * density)
      element.height = Math.round(height * density)
      element.style.height = `${height}px`
    }
    drawStrips(context, element, sceneNow(), { width, height, density, keep: keep.current })
  }, [sceneNow, density])

  const redraw = useCallback(() => {
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(draw)
  }, [draw])

  const move = useCallback(
    (next: Range) => {
      view.current = next
      redraw()
      clearTimeout(rest.current)
      rest.current = setTimeout(() => {
        reported.current = view.current
        onRange(view.current)
      }, restMs)
    },
    [redraw, onRange],
  )

  // a hint speaks of what was under the pointer before
  useEffect(() => {
    if (hint.current !== null) hint.current.style.display = 'none'
  }, [strips, rowSize])

  useEffect(() => {
    // what was reported comes back by the URL, perhaps after it has been moved on
    if (range.from === reported.current.from && range.to === reported.current.to) return
    view.current = range
    reported.current = range
    redraw()
  }, [range, redraw])

  useEffect(() => {
    if (scroller.current === null || selectedRow < 0) return
    scroller.current.scrollTop = scrollShowing(selectedRow, rowSize, scroller.current.scrollTop, scroller.current.clientHeight - axisHeight)
  }, [selectedRow, rowSize])

  useEffect(() => {
    const element = canvas.current
    if (element === null || scroller.current === null) return undefined
    const observer = new ResizeObserver(redraw)
    observer.observe(scroller.current)
    redraw()
    const wheel = (event: WheelEvent): void => {
      const isZoom = event.ctrlKey || event.metaKey || event.offsetY < axisHeight
      const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      if (!isZoom && !isPan) return
      event.preventDefault()
      const { scale, from } = sceneGrid(sceneNow(), element.clientWidth)
      if (isZoom) move(rangeZoomed(view.current, Math.exp(event.deltaY * 0.0015), from + Math.max(0, event.offsetX - gutterWidth(rowSize)) / scale))
      else move(rangePanned(view.current, (event.deltaX === 0 ? event.deltaY : event.deltaX) / scale))
    }
    // a passive listener could not keep the page from zooming
    element.addEventListener('wheel', wheel, { passive: false })
    return () => {
      observer.disconnect()
      element.removeEventListener('wheel', wheel)
      cancelAnimationFrame(frame.current)
    }
  }, [redraw, move, sceneNow, rowSize])
  useEffect(() => () => clearTimeout(rest.current), [])

  useImperativeHandle(ref, () => ({
    zoom: (factor) => move(rangeZoomed(view.current, factor, (view.current.from + view.current.to) / 2)),
    pan: (share) => move(rangePanned(view.current, share * (view.current.to - view.current.from))),
    press(key) {
      const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - axisHeight) / rowSize) - 1)
      const row = movedRow(key, selectedRow, strips.rows.length, page)
      if (row !== undefined) onSelect(row)
    },
    range: () => view.current,
    picture: (caption) => (canvas.current === null ? Promise.reject(new Error('nothing is drawn')) : drawFigure(canvas.current, sceneNow(), { width: canvas.current.clientWidth, density, caption })),
  }), [move, sceneNow, onSelect, selectedRow, strips, rowSize, density])

  const place = (event: PointerEvent | MouseEvent): { readonly x: number; readonly y: number; readonly row: number; readonly mark: Mark | undefined } => {
    const box = event.currentTarget.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    const row = y < axisHeight ? -1 : Math.floor((y - axisHeight + (scroller.current?.scrollTop ?? 0)) / rowSize)
    const user = strips.rows[row]
    const across = x - gutterWidth(rowSize)
    return { x, y, row: user === undefined ? -1 : row, mark: user === undefined || across < 0 ? undefined : markAt(strips, user, sceneGrid(sceneNow(), box.width), across, reach) }
  }
  const pointerMove = (event: PointerEvent): void => {
    const dragged = drag.current
    if (dragged !== undefined) {
      const [x, y] = [event.clientX - dragged.x, event.clientY - dragged.y]
      if (Math.hypot(x, y) > tremor) dragged.moved = true
      if (!dragged.moved || scroller.current === null) return
      event.currentTarget.setAttribute('data-moving', 'true')
      showHint('', 0, 0)
      scroller.current.scrollTop = dragged.scroll - y
      move(rangePanned(dragged.view, -x / sceneGrid(sceneNow(), event.currentTarget.clientWidth).scale))
      return
    }
    const { x, y, row, mark } = place(event)
    showHint(row === -1 ? '' : describe(row, mark), x, y)
  }
  const showHint = (text: string, x: number, y: number): void => {
    const element = hint.current
    if (element === null) return
    element.style.display = text === '' ? 'none' : 'block'
    element.textContent = text
    const { clientWidth = 0, clientHeight = 0 } = scroller.current ?? {}
    element.style.left = `${Math.max(0, Math.min(x + 14, clientWidth - element.offsetWidth - 8))}px`
    element.style.top = `${y + 18 + element.offsetHeight > clientHeight ? Math.max(0, y - element.offsetHeight - 8) : y + 18}px`
  }
  const pointerUp = (event: PointerEvent): void => {
    const wasDrag = drag.current?.moved === true
    drag.current = undefined
    event.currentTarget.removeAttribute('data-moving')
    const { row } = place(event)
    if (!wasDrag && row !== -1) onSelect(row)
  }
  return (
    <div className={classes.box}>
      <div ref={scroller} className={classes.scroller} onScroll={redraw}>
        <div style={{ height: axisHeight + strips.rows.length * rowSize }}>
          <canvas
            ref={canvas}
            className={classes.canvas}
            tabIndex={0}
            role="application"
            aria-label={label}
            data-testid="strips"
            onPointerDown={(event) => {
              if (event.button !== 0) return
              event.currentTarget.setPointerCapture(event.pointerId)
              drag.current = { x: event.clientX, y: event.clientY, view: view.current, scroll: scroller.current?.scrollTop ?? 0, moved: false }
            }}
            onPointerMove={pointerMove}
            onPointerUp={pointerUp}
            onPointerLeave={() => showHint('', 0, 0)}
            onDoubleClick={(event) => {
              const { row, mark } = place(event)
              if (row !== -1) onOpen(row, mark)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && selectedRow >= 0) onOpen(selectedRow, undefined)
            }}
          />
        </div>
      </div>
      <div ref={hint} className={classes.hint} />
    </div>
  )
}
