import type { ReactNode } from 'react'

/** A few numbers as bars, small enough for a line of text. */
export function Sparkline({ values, width, height, label }: { readonly values: readonly number[]; readonly width: number; readonly height: number; readonly label: string }): ReactNode {
  const most = Math.max(1, ...values)
  const step = width / Math.max(1, values.length)
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} style={{ flex: 'none' }}>
      {values.map((value, index) => {
        const tall = value === 0 ? 0 : Math.max(1, (value / most) * height)
        return <rect key={index} x={index * step} y={height - tall} width={Math.max(1, step - 0.6)} height={tall} fill="var(--mantine-primary-color-filled)" />
      })}
    </svg>
  )
}
