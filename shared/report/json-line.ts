const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * A value as one line of JSON: integers that a double can hold are numbers, larger ones texts; control and invisible
 * characters are escaped, so that a line is harmless wherever it is shown.
 */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? (Number.isSafeInteger(Number(member)) ? Number(member) : member.toString()) : member))
  return text.replace(unseen, (character) => character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))
}
