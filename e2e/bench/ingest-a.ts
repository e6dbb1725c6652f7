import { Kafka, logLevel } from 'kafkajs'

/** Part (a) of the ingest bench: KafkaJS consumes a topic from the beginning and only counts. */
const [broker = '', topic = '', wanted = '0'] = process.argv.slice(2)
const consumer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, retry: { retries: 10 } }).consumer({ groupId: `bench-${process.pid}`, maxBytesPerPartition: 4_194_304 })
await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
let events = 0
let started = 0
await new Promise<void>((resolve, reject) => {
  consumer
    .run({
      autoCommit: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: ({ batch }) => {
        if (started === 0) started = performance.now()
        events += batch.messages.length
        if (events >= Number(wanted)) resolve()
        return Promise.resolve()
      },
    })
    .catch(reject)
})
const seconds = (performance.now() - started) / 1000
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
process.stdout.write(`${JSON.stringify({ events, seconds, peakMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 })}\n`)
await consumer.disconnect()
