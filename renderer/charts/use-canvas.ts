import { useEffect, useRef, type RefObject } from 'react'

/** Draws on a canvas of the size of its box, sharp on every screen: again when the box changes, and when `draw` does. */
export function useCanvas(draw: (context: CanvasRenderingContext2D, width: number, height: number) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === undefined || context === null) return undefined
    let frame = 0
    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = element
      const scale = window.devicePixelRatio
      if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
        element.width = Math.round(width * scale)
        element.height = Math.round(height * scale)
      }
      context.setTransform(scale, 0, 0, scale, 0, 0)
      context.clearRect(0, 0, width, height)
      draw(context, width, height)
    }
    const later = (): void => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(paint)
    }
    const observer = new ResizeObserver(later)
    observer.observe(element)
    later()
    return () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
    }
  }, [draw])
  return canvas
}

/** A colour of the theme as the canvas needs it: what a CSS variable stands for now. */
export function themeColor(element: Element, variable: string): string {
  return getComputedStyle(element).getPropertyValue(variable).trim()
}
