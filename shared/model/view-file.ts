/** A view is some hundred characters; one with the text of behaviors or SQL in it, some thousand. */
export const largestView = 1_000_000

/** What the link of a view begins with. */
export const viewScheme = 'undercurrent:'

/** Whether a file is a view by its name; a browser numbers files of the same name. */
export const isViewFile = (name: string): boolean => /\.undercurrent-view[^/\\]*\.json$/i.test(name)
