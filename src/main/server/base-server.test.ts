import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../base/log.ts'
import { buildBaseServer } from './base-server.ts'
import { LIMITS } from './limits.ts'
import { call, statusOf } from './testing.ts'

/** The limits of the listeners, shortened: what they do is the same. */
const SHORT = { ...LIMITS, headersMs: 300, requestMs: 500, lingerMs: 300, checkMs: 50, connections: 60 }

let server: FastifyInstance
let url: string
beforeAll(async () => {
  server = buildBaseServer(createLog({ level: 'silent' }), SHORT).app
  server.get('/', async () => ({ ok: true }))
  server.post('/', async () => ({ ok: true }))
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

const opened = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.resume()
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
/** What has come over a connection until now. */
const textOf = (socket: Socket): (() => string) => {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}
const isServed = async (): Promise<void> => expect((await call('GET', url)).status).toBe(200)

describe('S36: clients that are slow on purpose', () => {
  it('with their headers are hung up on, while others are served', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => opened()))
    for (const it of slow) it.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    const drip = setInterval(() => {
      for (const it of slow) it.write('X')
    }, 50)
    const ends = slow.map(closed)
    await isServed()
    await Promise.all(ends)
    clearInterval(drip)
    await isServed()
  })

  it('with their body are hung up on', async () => {
    const socket = await opened()
    const answer = textOf(socket)
    socket.write(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":',
    )
    await closed(socket)
    expect(statusOf(answer())).toBe(408)
    expect(answer()).toMatch(/{"error":"[^"]+","code":"bad_request"}$/)
  })
})

describe('S45: a flood of connections that say nothing', () => {
  it('is cut off, and ends by itself', async () => {
    const flood = await Promise.allSettled(Array.from({ length: 200 }, () => opened()))
    const sockets = flood.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []))
    await Promise.all(sockets.map(closed))
    await isServed()
  })

  it('is held by the real limits as well', () => {
    expect(LIMITS.connections).toBeLessThan(2000)
    // A slow client is gone after both: 15 s are promised.
    expect(LIMITS.headersMs + LIMITS.checkMs).toBeLessThanOrEqual(15_000)
  })
})

describe('bytes that are no request', () => {
  it.each([
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET  HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nBad Header: z\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`,
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  ])('are answered in the shape of all failures and hung up on (%#)', async (bytes) => {
    const socket = await opened()
    const answer = textOf(socket)
    socket.write(Buffer.from(bytes, 'latin1'))
    await closed(socket)
    expect([400, 431]).toContain(statusOf(answer()))
    expect(answer()).toMatch(/\r\n\r\n{"error":"[^"]+","code":"[a-z_]+"}$/)
    expect(answer()).toMatch(/cache-control: no-store/i)
  })
})
