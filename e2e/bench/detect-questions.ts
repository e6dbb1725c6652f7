/** One question in the languages of all engines that are compared. Types are placeholders: `{view}` and the like become codes. */
export interface Question {
  readonly name: string
  readonly behavior: string
  /** Users, or keys, that have at least one match. */
  readonly clickhouse: string
  readonly duckdb: readonly string[]
}

const within10m = 600_000_000
const within1h = 3_600_000_000

/** Events are in a table `events` with key, type (codes), time (microseconds) and product, ordered by key and time. */
export const questions: readonly Question[] = [
  {
    name: 'two steps within 10 min, by user',
    behavior: 'sequence "q" by user\n  cart.add\n  then cart.remove within 10m',
    clickhouse: `SELECT count() FROM (SELECT key FROM events WHERE type IN ({cart.add}, {cart.remove}) GROUP BY key HAVING windowFunnel(${within10m})(time, type = {cart.add}, type = {cart.remove}) = 2)`,
    duckdb: [
      `SELECT count(DISTINCT a.key) FROM (FROM events WHERE type = {cart.add}) a ASOF JOIN (FROM events WHERE type = {cart.remove}) b ON a.key = b.key AND b.time > a.time WHERE b.time - a.time <= ${within10m}`,
      `SELECT count(DISTINCT key) FROM (SELECT key, type, time - max(CASE WHEN type = {cart.add} THEN time END) OVER (PARTITION BY key ORDER BY time ROWS UNBOUNDED PRECEDING) AS gap FROM events WHERE type IN ({cart.add}, {cart.remove})) WHERE type = {cart.remove} AND gap <= ${within10m}`,
    ],
  },
  {
    name: 'three steps within 1 h, by user',
    behavior: 'sequence "q" by user within 1h\n  page.view\n  then cart.add\n  then purchase',
    clickhouse: `SELECT count() FROM (SELECT key FROM events WHERE type IN ({page.view}, {cart.add}, {purchase}) GROUP BY key HAVING windowFunnel(${within1h})(time, type = {page.view}, type = {cart.add}, type = {purchase}) = 3)`,
    duckdb: [
      `WITH a AS (FROM events WHERE type = {page.view}), b AS (FROM events WHERE type = {cart.add}), c AS (FROM events WHERE type = {purchase}),
         ab AS (SELECT a.key, a.time AS first, b.time FROM a ASOF JOIN b ON a.key = b.key AND b.time > a.time WHERE b.time - a.time <= ${within1h})
       SELECT count(DISTINCT ab.key) FROM ab ASOF JOIN c ON ab.key = c.key AND c.time > ab.time WHERE c.time - ab.first <= ${within1h}`,
      // the latest start wins: for each purchase the latest add before it, for that the latest view before it
      `WITH w1 AS (SELECT key, type, time, max(CASE WHEN type = {page.view} THEN time END) OVER (PARTITION BY key ORDER BY time ROWS UNBOUNDED PRECEDING) AS view FROM events WHERE type IN ({page.view}, {cart.add}, {purchase})),
         w2 AS (SELECT key, type, time, max(CASE WHEN type = {cart.add} THEN view END) OVER (PARTITION BY key ORDER BY time ROWS UNBOUNDED PRECEDING) AS first FROM w1)
       SELECT count(DISTINCT key) FROM w2 WHERE type = {purchase} AND time - first <= ${within1h}`,
    ],
  },
  {
    name: 'four steps, no bound, by user',
    behavior: 'sequence "q" by user\n  page.view\n  then cart.add\n  then cart.remove\n  then purchase',
    clickhouse: "SELECT count() FROM (SELECT key FROM events GROUP BY key HAVING sequenceMatch('(?1).*(?2).*(?3).*(?4)')(time, type = {page.view}, type = {cart.add}, type = {cart.remove}, type = {purchase}))",
    duckdb: [
      `WITH a AS (SELECT key, min(time) AS time FROM events WHERE type = {page.view} GROUP BY key),
         b AS (SELECT e.key, min(e.time) AS time FROM events e JOIN a ON e.key = a.key AND e.time > a.time WHERE e.type = {cart.add} GROUP BY e.key),
         c AS (SELECT e.key, min(e.time) AS time FROM events e JOIN b ON e.key = b.key AND e.time > b.time WHERE e.type = {cart.remove} GROUP BY e.key)
       SELECT count(DISTINCT e.key) FROM events e JOIN c ON e.key = c.key AND e.time > c.time WHERE e.type = {purchase}`,
    ],
  },
]

/** The same for REES46's clicks, copied with users of their own; times are whole seconds, so that some are equal. */
export const clickQuestions: readonly Question[] = [
  {
    name: 'put into the cart and removed within 10 min, by user and product (REES46, 200 copies)',
    behavior: 'sequence "q" by user, product_id\n  cart\n  then remove_from_cart within 10m',
    clickhouse: `SELECT count(DISTINCT key) FROM (SELECT key, product FROM events WHERE type IN ({cart}, {remove_from_cart}) GROUP BY key, product HAVING windowFunnel(${within10m})(time, type = {cart}, type = {remove_from_cart}) = 2)`,
    duckdb: [
      `SELECT count(DISTINCT a.key) FROM (FROM events WHERE type = {cart}) a ASOF JOIN (FROM events WHERE type = {remove_from_cart}) b ON a.key = b.key AND a.product = b.product AND b.time >= a.time WHERE b.time - a.time <= ${within10m}`,
    ],
  },
]
