import { expect, test } from '../app/fixture.ts'
import { availability } from '../kafka/availability.ts'
import { startBroker, type Broker } from '../kafka/broker.ts'
import { produce } from '../kafka/produce.ts'
import { createTopic } from '../kafka/topics.ts'

const needed = await availability()
let broker: Broker | undefined
test.beforeAll(async () => {
  if (!needed.available && process.env.CI === 'true') throw new Error(needed.reason)
  if (needed.available) broker = await startBroker()
})
test.afterAll(() => broker?.stop())

const record = (index: number): { readonly key: string; readonly value: string } => ({ key: `user-${index % 5}`, value: JSON.stringify({ type: index % 3 === 0 ? 'cart.add' : 'page.view', time: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(), user: `user-${index % 5}`, price: index }) })

test('kafka: from a broker’s address to a live screen that catches up again after the broker was away', async ({ app: { page } }) => {
  test.skip(!needed.available, needed.available ? '' : needed.reason)
  test.setTimeout(180_000)
  if (broker === undefined) throw new Error('no broker')
  const topic = 'shop-events'
  await createTopic(broker, topic, { partitions: 2 })
  await produce(broker, topic, Array.from({ length: 200 }, (_, index) => record(index)))

  await page.getByRole('link', { name: 'Connect…' }).click()
  await page.getByRole('button', { name: 'Paste a config snippet' }).click()
  await page.getByRole('textbox', { name: 'Config snippet' }).fill(`bootstrap.servers=${broker.brokers}\nsecurity.protocol=PLAINTEXT`)
  await expect(page.getByRole('textbox', { name: 'Brokers' })).toHaveValue(broker.brokers)
  await page.getByRole('button', { name: 'Test' }).click()
  await expect(page.getByRole('list', { name: 'Result of the test' }).getByLabel('ok')).not.toHaveCount(0)
  await page.getByRole('button', { name: 'List topics' }).click()
  await page.getByRole('textbox', { name: 'Search topics' }).fill('shop')
  await page.getByRole('checkbox', { name: topic }).check()
  await expect(page.getByText('every record becomes an event')).toBeVisible()
  await page.getByRole('button', { name: 'Start', exact: true }).click()

  await expect(page).toHaveURL(/#\/live/)
  await expect(page.getByText('caught up').first()).toBeVisible()
  await expect(page.getByRole('contentinfo').getByText(/^200 events/)).toBeVisible()

  await broker.kill9()
  await expect(page.getByText(/reconnecting/).first()).toBeVisible({ timeout: 60_000 })
  // what is there can be worked with meanwhile
  await page.getByRole('grid', { name: 'Latest events' }).getByRole('row').nth(2).click()
  await expect(page.getByRole('complementary', { name: 'Event' }).getByText(/shop-events\/\d@\d+/)).toBeVisible()
  await broker.restart()
  await produce(broker, topic, Array.from({ length: 50 }, (_, index) => record(200 + index)))
  await expect(page.getByRole('contentinfo').getByText(/^250 events/)).toBeVisible({ timeout: 60_000 })
})
