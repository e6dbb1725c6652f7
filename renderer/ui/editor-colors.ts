import { EditorView, Prec } from '@uiw/react-codemirror'

/** The paper of every editor: dark enough that each color of the dark theme has a contrast of 4.5 to it, as WCAG 2.2 asks. */
export const editorColors = Prec.highest(EditorView.theme({ '&.cm-editor': { backgroundColor: 'light-dark(#ffffff, #191a1c)' }, '& .cm-gutters': { backgroundColor: 'light-dark(#f8f9fa, #191a1c)', color: 'light-dark(#5c636b, #9299a5)', border: 'none' } }))
