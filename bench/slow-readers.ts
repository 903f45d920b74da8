import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A reader takes so many bytes in each round: 160 kB/s, a bad line. */
const READ_BYTES = 16 * 1024
const ROUND_MS = 100

/**
 * The bytes by which the memory of process `pid` grows at most while so many clients download from `url` slowly, for
 * `durationS`.
 */
export async function growthUnderSlowReaders(
  url: string,
  pid: number,
  readers: number,
  durationS: number,
): Promise<number> {
  const before = memoryOf(pid)
  let most = before
  const sockets = await Promise.all(Array.from({ length: readers }, () => slowReader(url)))
  try {
    for (let round = 0; round < (durationS * 1000) / ROUND_MS; round++) {
      for (const it of sockets) it.resume()
      await wait(ROUND_MS)
      if (round % 5 === 0) most = Math.max(most, memoryOf(pid))
      if (sockets.some((it) => it.destroyed)) throw new Error('a slow reader was hung up on')
    }
  } finally {
    for (const it of sockets) it.destroy()
  }
  return most - before
}

/** A connection that has asked, and stops after each read until it is resumed. */
function slowReader(url: string): Promise<Socket> {
  const { hostname, port, host, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({
      host: hostname,
      port: Number(port),
      // `false` pauses it.
      onread: { buffer: Buffer.allocUnsafe(READ_BYTES), callback: () => false },
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      resolve(socket)
    })
  })
}

/** Bytes that a process has in memory. */
function memoryOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
}
