import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { keepDeadlines, type Deadlines } from './deadlines.ts'
import { closed, opened, textOf } from './testing-sockets.ts'

const LIMITS = { requestMs: 1_000, lingerMs: 500, progressMs: 2_000, progressBytes: 100 }

describe('a request with a body', () => {
  let server: Server
  let deadlines: Deadlines
  let hungUp: { isAnswered: boolean }[]
  beforeEach(() => {
    vi.useFakeTimers()
    server = createServer()
    hungUp = []
    deadlines = keepDeadlines(server, LIMITS, (_, isAnswered) => hungUp.push({ isAnswered }))
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** What a deadline sees of a request, without a network. */
  const begin = (headers: Record<string, string> = { 'content-length': '10' }) => {
    const request = Object.assign(new EventEmitter(), {
      headers,
      socket: { bytesRead: 0, destroyed: false, destroy: () => (request.socket.destroyed = true) },
      complete: false,
      destroyed: false,
      isHeld: false,
      isPaused: () => request.isHeld,
      resume: () => undefined,
    })
    const response = Object.assign(new EventEmitter(), { headersSent: false })
    server.emit('request', request, response)
    const byProgress = (): void => deadlines.byProgress(request as unknown as IncomingMessage)
    return { request, response, byProgress }
  }

  test('has its time and no more', () => {
    begin()
    vi.advanceTimersByTime(LIMITS.requestMs - 1)
    expect(hungUp).toEqual([])
    vi.advanceTimersByTime(1)
    expect(hungUp).toEqual([{ isAnswered: false }])
  })

  test('that has come is left alone, as is one without a body', () => {
    begin().request.emit('end')
    begin({})
    begin({ 'content-length': '0' })
    vi.advanceTimersByTime(LIMITS.requestMs * 9)
    expect(hungUp).toEqual([])
  })

  test('may take as long as it needs while enough of it comes', () => {
    const { request, byProgress } = begin({ 'transfer-encoding': 'chunked' })
    byProgress()
    for (let round = 0; round < 50; round++) {
      request.socket.bytesRead += LIMITS.progressBytes
      vi.advanceTimersByTime(LIMITS.progressMs)
    }
    expect(hungUp).toEqual([])
    // A drip is not enough.
    request.socket.bytesRead += LIMITS.progressBytes - 1
    vi.advanceTimersByTime(LIMITS.progressMs)
    expect(hungUp).toHaveLength(1)
    vi.advanceTimersByTime(LIMITS.progressMs * 9)
    expect(hungUp).toHaveLength(1)
  })

  test('that waits for our own disk is not slow', () => {
    const { request, byProgress } = begin()
    byProgress()
    request.isHeld = true
    vi.advanceTimersByTime(LIMITS.progressMs * 9)
    expect(hungUp).toEqual([])
    request.isHeld = false
    vi.advanceTimersByTime(LIMITS.progressMs)
    expect(hungUp).toHaveLength(1)
  })

  test('that was refused may end for a moment longer, however much it sends', () => {
    const { request, response, byProgress } = begin()
    byProgress()
    response.headersSent = true
    response.emit('finish')
    request.socket.bytesRead += 1e9
    vi.advanceTimersByTime(LIMITS.lingerMs - 1)
    expect(request.socket.destroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(request.socket.destroyed).toBe(true)
    expect(hungUp).toEqual([])
  })

  test('that went away, or ended, costs nothing more', () => {
    for (const end of ['end', 'close']) {
      const { request, response, byProgress } = begin()
      byProgress()
      request.complete = true
      request.emit(end)
      response.emit('finish')
      byProgress()
    }
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('S36: an upload whose sender falls silent is hung up on', async () => {
  const server = createServer()
  const deadlines = keepDeadlines(server, { ...LIMITS, progressMs: 100 }, ({ socket }, isAnswered) => {
    socket.end(`${isAnswered}`)
  })
  server.on('request', (request) => {
    deadlines.byProgress(request)
    request.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = await opened(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const text = textOf(socket)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n')
  socket.write('x'.repeat(200))
  await closed(socket)
  expect(text()).toBe('false')
  server.close()
})
