import { useComputedColorScheme } from '@mantine/core'
import CodeMirror, { EditorView } from '@uiw/react-codemirror'
import { useMemo, type KeyboardEvent, type ReactNode } from 'react'
import { useEngine } from '../../api/context.tsx'
import { cspNonce } from '../../ui/csp-nonce.ts'
import { editorColors } from '../../ui/editor-colors.ts'
import { behaviorLanguage, type Vocabulary } from './language.ts'
import classes from './behaviors.module.css'

/** The text of a behavior, with colors, completion and problems; Ctrl/Cmd+S saves. */
export function BehaviorEditor({ text, vocabulary, onChange, onSave }: { readonly text: string; readonly vocabulary: Vocabulary | undefined; readonly onChange: (text: string) => void; readonly onSave: () => void }): ReactNode {
  const scheme = useComputedColorScheme('light')
  const engine = useEngine()
  const extensions = useMemo(
    () => [
      behaviorLanguage(vocabulary, (asked) => engine.client.call('behaviors.check', { text: asked })),
      EditorView.cspNonce.of(cspNonce()),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Behavior' }),
      editorColors,
    ],
    [engine, vocabulary],
  )
  const saveKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    onSave()
  }
  return (
    <div onKeyDownCapture={saveKey} className={classes.editor}>
      <CodeMirror value={text} onChange={onChange} extensions={extensions} theme={scheme} minHeight="132px" style={{ fontSize: 13 }} basicSetup={{ foldGutter: false, highlightActiveLine: false, highlightActiveLineGutter: false, autocompletion: false }} />
    </div>
  )
}
