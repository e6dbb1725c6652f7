import { expect, test } from '../app/fixture.ts'
import { availability } from '../kafka/availability.ts'
import { startBroker, type Broker } from '../kafka/broker.ts'
import { produce } from '../kafka/produce.ts'
import { createTopic } from '../kafka/topics.ts'

const needed = await availability()
let broker: Broker | undefined
test.beforeAll(async () => {
  if (!needed.available && process.env.CI === 'true') throw new Error(needed.reason)
  if (needed.available) broker = await startBroker({ sasl: ['PLAIN'] })
})
test.afterAll(() => broker?.stop())

const record = (index: number): { readonly key: string; readonly value: string } => ({ key: `user-${index % 5}`, value: JSON.stringify({ type: index % 3 === 0 ? 'cart.add' : 'page.view', time: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(), user: `user-${index % 5}`, price: index }) })

test('kafka: from a broker’s address to a live screen that catches up again after the broker was away', async ({ app: { page } }) => {
  test.skip(!needed.available, needed.available ? '' : needed.reason)
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
  await expect(page.getByText(/reconnecting/).first()).toBeVisible()
  // what is there can be worked with meanwhile
  await page.getByRole('grid', { name: 'Latest events' }).getByRole('row').nth(2).click()
  await expect(page.getByRole('complementary', { name: 'Event' }).getByText(/shop-events\/\d@\d+/)).toBeVisible()
  await broker.restart()
  await produce(broker, topic, Array.from({ length: 50 }, (_, index) => record(200 + index)))
  await expect(page.getByRole('contentinfo').getByText(/^250 events/)).toBeVisible()
})

test('kafka with a password: a source that was stopped asks for it where it is not remembered, and goes on where it left off', async ({ app: { page } }) => {
  test.skip(!needed.available, needed.available ? '' : needed.reason)
  if (broker === undefined) throw new Error('no broker')
  const topic = 'secret-shop'
  await createTopic(broker, topic, { partitions: 1 })
  await produce(broker, topic, Array.from({ length: 20 }, (_, index) => record(index)))
  await page.getByRole('link', { name: 'Connect…' }).click()
  await page.getByRole('button', { name: 'Paste a config snippet' }).click()
  await page.getByRole('textbox', { name: 'Config snippet' }).fill(`bootstrap.servers=${broker.listeners.sasl_plaintext ?? ''}\nsecurity.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="alice-secret";`)
  await page.getByRole('button', { name: 'List topics' }).click()
  await page.getByRole('checkbox', { name: topic }).check()
  // this machine has no keyring, and the screen says so before the password is needed again
  await expect(page.getByText('The password is not remembered:')).toBeVisible()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByRole('contentinfo').getByText(/^20 events/)).toBeVisible()

  await page.getByRole('link', { name: 'Connect' }).click()
  const sources = page.getByRole('table', { name: 'Sources' })
  await sources.getByRole('button', { name: 'Stop' }).click()
  await produce(broker, topic, Array.from({ length: 5 }, (_, index) => record(20 + index)))
  await sources.getByRole('button', { name: 'Start again' }).click()
  const form = page.getByRole('form', { name: `Start ${topic} again` })
  await form.getByRole('textbox', { name: 'Password of alice' }).fill('wrong')
  await form.getByRole('button', { name: 'Start again' }).click()
  await expect(sources.getByRole('alert')).toContainText(/password|authentication|refused/i)
  await sources.getByRole('button', { name: 'Start again' }).click()
  await form.getByRole('textbox', { name: 'Password of alice' }).fill('alice-secret')
  await form.getByRole('button', { name: 'Start again' }).click()
  await expect(page.getByRole('contentinfo').getByText(/^25 events/)).toBeVisible()
})
