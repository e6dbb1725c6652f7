import { TextInput, Textarea } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState, type ReactNode } from 'react'

/** A text of the report. What is typed reaches the URL a moment later, which would be too slow to type in. */
export function Words({ label, value, placeholder, limit, isLong = false, onChange }: { readonly label: string; readonly value: string | undefined; readonly placeholder: string; readonly limit: number; readonly isLong?: boolean; readonly onChange: (value: string | undefined) => void }): ReactNode {
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const send = useDebouncedCallback((text: string) => onChange(text === '' ? undefined : text), { delay: 300, flushOnUnmount: true })
  const shared = {
    size: 'xs',
    label,
    placeholder,
    maxLength: limit,
    value: typed ?? value ?? '',
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      setTyped(currentTarget.value)
      send(currentTarget.value)
    },
    onBlur: () => {
      send.flush()
      setTyped(undefined)
    },
  } as const
  return isLong ? <Textarea {...shared} autosize minRows={2} maxRows={8} /> : <TextInput {...shared} />
}
