import { createServer } from 'node:net'

// Below the range from which the usual kernels take ports for outgoing connections (32768 and up, 49152 and up):
// a broker that is restarted must find its port free again, not used by somebody's outgoing connection.
const first = 20_000
const count = 12_000
const taken = new Set<number>()

/**
 * Finds free TCP ports on 127.0.0.1. A port is handed out only once in this process; another process may still take
 * one before it is used, so the caller retries with new ports when listening fails.
 * @throws when no free port was found after 200 attempts for one of them
 */
export async function freePorts(howMany: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < howMany) ports.push(await freePort())
  return ports
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = first + Math.floor(Math.random() * count)
    if (taken.has(port) || !(await canListen(port))) continue
    taken.add(port)
    return port
  }
  throw new Error('No free TCP port found on 127.0.0.1')
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
