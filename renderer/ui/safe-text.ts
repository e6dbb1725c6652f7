/** Characters that have no shape, or that turn the order of a line around (Unicode TR9), and what stands for them. */
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/**
 * A text of a record as it may be shown: what has no shape becomes visible (`␀`, `‹U+202E›`), so that nothing hides and
 * nothing turns the line around; what is longer than `limit` characters says how much was left out.
 */
export function safeText(text: string, limit = 10_000): string {
  const shown = text.length > limit ? text.slice(0, limit) : text
  const visible = shown.replace(unseen, (character) => {
    const code = character.charCodeAt(0)
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
  return text.length > limit ? `${visible}… (${(text.length - limit).toLocaleString()} more characters)` : visible
}
