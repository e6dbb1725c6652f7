import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ReactNode } from 'react'
import classes from './hex-view.module.css'

const bytesPerLine = 16
const lineHeight = 18

/** Bytes as they came: offset, hexadecimal, and what is printable. Only the lines in sight are drawn. */
export function HexView({ bytes, label, height = 220 }: { readonly bytes: Uint8Array; readonly label: string; readonly height?: number }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const count = Math.ceil(bytes.length / bytesPerLine)
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const lines = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, overscan: 8 })
  return (
    <div ref={scroller} className={classes.scroller} style={{ height: Math.min(height, count * lineHeight + 8) }} tabIndex={0} role="region" aria-label={`${label}, ${bytes.length} bytes`}>
      <div style={{ height: lines.getTotalSize(), position: 'relative' }}>
        {lines.getVirtualItems().map(({ index, start }) => {
          const part = bytes.subarray(index * bytesPerLine, (index + 1) * bytesPerLine)
          return (
            <div key={index} className={classes.line} style={{ transform: `translateY(${start}px)` }}>
              <span className={classes.offset}>{(index * bytesPerLine).toString(16).padStart(8, '0')}</span>
              <span>{Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ').padEnd(bytesPerLine * 3 - 1)}</span>
              <span className={classes.offset}>{Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
