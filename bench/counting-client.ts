import { connect } from 'node:net'

/** One connection that stays open, over which bytes are fetched and only counted. */
export interface CountingClient {
  /** Bytes of the body at `path`. Throws when the answer is no 200. */
  get(path: string): Promise<number>
  close(): void
}

/**
 * Connects to the server at `origin`. Hand-made on purpose: `fetch` and `node:http` copy and keep what they receive, which
 * takes this process longer than the engine needs to make a segment, and it is the engine that is measured.
 */
export function createCountingClient(origin: string): CountingClient {
  const { hostname, port, host } = new URL(origin)
  const buffer = Buffer.allocUnsafe(1024 * 1024)
  let waiting: PromiseWithResolvers<number> | undefined
  let head = ''
  let length = 0
  let left = 0

  /** Takes the head of an answer out of what came; returns where the body begins, or undefined while it is not whole. */
  const readHead = (bytes: number): number | undefined => {
    const before = head.length
    head += buffer.toString('latin1', 0, Math.min(bytes, 8192))
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const size = /^content-length: (\d+)/im.exec(head)?.[1]
    if (!head.startsWith('HTTP/1.1 200 ') || size === undefined) {
      waiting?.reject(new Error(head))
      return undefined
    }
    length = left = Number(size)
    return end + 4 - before
  }
  const onBytes = (bytes: number): void => {
    const from = left === 0 ? readHead(bytes) : 0
    if (from === undefined) return
    left -= bytes - from
    if (left > 0) return
    head = ''
    waiting?.resolve(length)
  }

  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer,
      callback(bytes) {
        onBytes(bytes)
        return true
      },
    },
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the connection was closed')))
  return {
    get(path) {
      waiting = Promise.withResolvers()
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
      return waiting.promise
    },
    close: () => void socket.destroy(),
  }
}
