/** The app's own scheme instead of file://, which could read every file of the disk. */
export const scheme = 'app'
/** Where the one page of the app lives. */
export const appOrigin = `${scheme}://undercurrent`
