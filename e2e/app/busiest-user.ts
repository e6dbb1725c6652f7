import type { Page } from '@playwright/test'

/**
 * The user with most of the events that fit a filter, by the list of users. What a certain user did in the last week of the
 * demo hangs on the day on which it is opened.
 *
 * @param filter search parameters of the app's filter
 */
export async function busiestUser(page: Page, filter = ''): Promise<string> {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/timelines?${filter}`)
  // what is listed from before the filter would be taken for its answer
  await page.reload()
  const name = await page.getByRole('grid', { name: 'Users' }).getByRole('row').first().getByRole('paragraph').first().textContent()
  if (name === null) throw new Error('a user without a name')
  return name
}
