import { Group, Select, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** A choice in words, with what it decides before it. */
export function Choice({ label, value, options, onChange, width = 120 }: { readonly label: string; readonly value: string; readonly options: readonly (readonly [value: string, label: string])[]; readonly onChange: (value: string) => void; readonly width?: number }): ReactNode {
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" aria-hidden>{label}</Text>
      <Select size="xs" w={width} aria-label={label} data={options.map(([name, text]) => ({ value: name, label: text }))} value={value} onChange={(chosen) => chosen !== null && onChange(chosen)} allowDeselect={false} searchable={options.length > 10} comboboxProps={{ width: 'max-content' }} />
    </Group>
  )
}
