import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Time for what comes of one connection, in ms. */
const ANSWER_MS = 15_000
/** A slow client sends one byte in this time, in ms. */
const DRIP_MS = 500
/** What is read of one connection. */
const READ_BYTES = 256 * 1024

function opened(base: string): Socket {
  const socket = connect(Number(new URL(base).port), new URL(base).hostname)
  socket.on('error', () => undefined)
  socket.setNoDelay(true)
  return socket
}

/** Requests that are none, or two in one, with `path` in them; each is sent on a connection of its own. */
export function brokenRequests(host: string, path: string): string[] {
  const get = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n`
  const post = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`
  const last = `${get}Connection: close\r\n\r\n`
  return [
    `${get}\r\n`.repeat(50) + last,
    `GET ${path}\r\n\r\n`,
    `GET ${path} HTTP/0.9\r\n\r\n`,
    `GET ${path} HTTP/1.0\r\n\r\n`,
    `GET http://evil.test${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `GET http://127.0.0.1:1/v1/share HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `${get}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n`,
    `${get}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `${get}Host: other\r\nConnection: close\r\n\r\n`,
    `${get}X: ${'y'.repeat(70_000)}\r\n\r\n`,
    get + Array.from({ length: 3_000 }, (_, at) => `X-${at}: y\r\n`).join('') + '\r\n',
    `GET /${'a/'.repeat(9_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `${get}Bad Header: z\r\n\r\n`,
    `${get}X: a\u0000b\r\n\r\n`,
    `${get}\u0000\r\n\r\n`,
    `GET ${path}\u0000 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET ${path} \u00ff HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${last}`,
    `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${last}`,
    `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}   ${last}`,
    `${post}Content-Length: -1\r\n\r\n${last}`,
    `${post}Content-Length: 99999999999999999999\r\n\r\n{}`,
    `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    `${post}Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    `${post}Expect: nonsense\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    `${post}Content-Length: 3\r\nConnection: close\r\n\r\n{"a`,
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    '\r\n'.repeat(5_000),
    'nonsense\r\n\r\n',
    '\u0000'.repeat(5_000),
  ]
}

/** Sends `text` and reads what comes until the listener hangs up, enough has come, or time is up. */
export async function exchange(base: string, text: string): Promise<string> {
  const socket = opened(base)
  let got = ''
  socket.on('data', (chunk: Buffer) => {
    got += chunk.toString('latin1')
    if (got.length > READ_BYTES) socket.destroy()
  })
  const timer = setTimeout(() => socket.destroy(), ANSWER_MS)
  socket.end(Buffer.from(text, 'latin1'))
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  clearTimeout(timer)
  return got
}

/** Asks for `path` and resets the connection: at once, or at the first byte of the answer. */
export async function abort(base: string, path: string, atOnce: boolean): Promise<void> {
  const socket = opened(base)
  const timer = setTimeout(() => socket.destroy(), ANSWER_MS)
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    socket.once('data', () => socket.resetAndDestroy())
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${new URL(base).host}\r\n\r\n`, () => {
      if (atOnce) socket.resetAndDestroy()
    })
  })
  clearTimeout(timer)
}

/**
 * Opens `count` connections that send a header a byte at a time and come to no end. `stop` hangs up and tells how many
 * of them the listener had hung up on by then.
 */
export function dripSlowly(base: string, count: number): { stop: () => number } {
  const sockets = Array.from({ length: count }, () => opened(base))
  for (const it of sockets) {
    it.resume()
    it.write(`GET /share/x HTTP/1.1\r\nHost: ${new URL(base).host}\r\nX-Slow: `)
  }
  const timer = setInterval(() => {
    for (const it of sockets) if (!it.destroyed) it.write('x')
  }, DRIP_MS)
  return {
    stop() {
      clearInterval(timer)
      const hungUpOn = sockets.filter((it) => it.destroyed).length
      for (const it of sockets) it.destroy()
      return hungUpOn
    },
  }
}

/** Opens `count` connections that say nothing, holds them for `forMs`, and lets go. */
export async function sayNothing(base: string, count: number, forMs: number): Promise<void> {
  const sockets = Array.from({ length: count }, () => opened(base))
  await wait(forMs)
  for (const it of sockets) it.destroy()
}
