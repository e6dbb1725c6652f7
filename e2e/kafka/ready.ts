import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import type { BackgroundProcess } from './background-process.ts'

/** Milliseconds until a broker that does not answer counts as failed; a busy machine takes its time. */
const patience = 60_000

/**
 * Waits until a broker takes requests and counts itself as part of its cluster; before that it refuses new topics.
 * @throws with the end of its log when it ends, or does not answer within a minute
 */
export async function whenReady(brokers: string, broker: BackgroundProcess): Promise<void> {
  const start = Date.now()
  while (!(await accepts(brokers)) || !(await answers(brokers))) {
    if (!broker.running()) throw new Error(`The broker ended while starting:\n${await broker.lastLines(30)}`)
    if (Date.now() - start > patience) {
      await broker.end('SIGKILL')
      throw new Error(`The broker did not answer within ${patience} ms:\n${await broker.lastLines(30)}`)
    }
    await sleep(50)
  }
  // Somebody else's broker may have answered on a port that ours failed to get.
  if (!broker.running()) throw new Error(`The broker ended while starting:\n${await broker.lastLines(30)}`)
}

function accepts(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':')
  return new Promise((resolve) => {
    const finish = (result: boolean): void => {
      socket.destroy()
      resolve(result)
    }
    const socket = connect({ host, port: Number(port) }, () => finish(true))
    socket.once('error', () => finish(false))
  })
}

async function answers(address: string): Promise<boolean> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, connectionTimeout: 2000, requestTimeout: 2000, retry: { retries: 0 } })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length > 0
  } catch {
    return false
  } finally {
    await admin.disconnect()
  }
}
