/** The app's own scheme instead of file://, which could read every file of the disk. */
export const scheme = 'app'
/** Where the one page of the app lives. */
export const appOrigin = `${scheme}://undercurrent`

/** Whether a URL is of the app's own page. Node gives URLs of a scheme of one's own the origin "null". */
export function isOwn(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return `${protocol}//${host}` === appOrigin && username === '' && password === ''
}
