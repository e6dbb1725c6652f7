/** Questions to begin with. They use the columns that every slice has. */
export const exampleQueries = [
  { name: 'Events by type', sql: 'SELECT type, count(*) AS events, count(DISTINCT key) AS users\nFROM events\nGROUP BY type\nORDER BY events DESC' },
  { name: 'Events by hour', sql: "SELECT time_bucket(INTERVAL '1 hour', time) AS hour, count(*) AS events\nFROM events\nGROUP BY hour\nORDER BY hour" },
  { name: 'Most active users', sql: 'SELECT key, count(*) AS events, count(DISTINCT type) AS types, max(time) - min(time) AS active\nFROM events\nGROUP BY key\nORDER BY events DESC\nLIMIT 50' },
  { name: 'What follows what', sql: 'SELECT type, next, count(*) AS times\nFROM (SELECT type, lead(type) OVER (PARTITION BY key ORDER BY time) AS next FROM events)\nWHERE next IS NOT NULL\nGROUP BY ALL\nORDER BY times DESC\nLIMIT 40' },
  { name: 'Arrival behind event time', sql: "SELECT type, quantile_cont(epoch_ms(broker_time) - epoch_ms(time), 0.5) AS median_ms, max(epoch_ms(broker_time) - epoch_ms(time)) AS most_ms\nFROM events\nGROUP BY type\nORDER BY most_ms DESC" },
] as const
