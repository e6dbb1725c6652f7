import { PostgreSQL, sql } from '@codemirror/lang-sql'
import { useComputedColorScheme } from '@mantine/core'
import CodeMirror, { EditorView } from '@uiw/react-codemirror'
import { useMemo, type KeyboardEvent, type ReactNode } from 'react'
import { cspNonce } from '../../ui/csp-nonce.ts'
import { editorColors } from '../../ui/editor-colors.ts'

/** SQL with completion of the slice's columns; Ctrl/Cmd+Enter runs it. */
export function SqlEditor({ text, columns, onChange, onRun }: { readonly text: string; readonly columns: readonly string[]; readonly onChange: (text: string) => void; readonly onRun: () => void }): ReactNode {
  const scheme = useComputedColorScheme('light')
  const extensions = useMemo(
    () => [
      sql({ dialect: PostgreSQL, schema: { events: [...columns] }, defaultTable: 'events', upperCaseKeywords: true }),
      EditorView.cspNonce.of(cspNonce()),
      editorColors,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
    ],
    [columns],
  )
  // before the editor sees it, which would begin a new line
  const runKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    onRun()
  }
  return (
    <div onKeyDownCapture={runKey}>
      <CodeMirror value={text} onChange={onChange} extensions={extensions} theme={scheme} height="100%" style={{ height: '100%', fontSize: 13 }} basicSetup={{ foldGutter: false, highlightActiveLine: false, highlightActiveLineGutter: false }} />
    </div>
  )
}
