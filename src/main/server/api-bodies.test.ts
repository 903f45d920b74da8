import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failure, raw, startTestMatinee, statusOf, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const v1: TestMatinee['v1'] = (...it) => matinee.v1(...it)

describe('S40: bodies', () => {
  it.each([
    ['bad JSON', '{"file_id": '],
    ['a number', '7'],
    ['null', 'null'],
    ['a list', '[]'],
    ['NaN', '{"file_id": NaN}'],
    ['a number beyond all', '{"file_id": "x", "metadata": {"a": 1e999}}'],
    ['a wrong type', '{"file_id": 7}'],
    ['a wrong type within', '{"file_id": "x", "title": {"a": 1}}'],
    ['the prototype', '{"file_id": "x", "__proto__": {"visibility": "private"}}'],
    ['the prototype within', '{"file_id": "x", "metadata": {"a": {"__proto__": {"b": 1}}}}'],
    ['the constructor', '{"file_id": "x", "constructor": {"prototype": {"b": 1}}}'],
    [
      'a list 100 000 deep',
      `{"file_id": "x", "metadata": {"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
    [
      'an object 100 000 deep',
      `{"file_id": "x", "metadata": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
    ],
    ['only brackets', '['.repeat(1_000_000)],
  ])('with %s are a 400 in one sentence', async (_, body) => {
    const answer = await v1('POST', '/share', { body, headers: { 'content-type': 'application/json' } })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(failure('bad_request'))
    expect(answer.text.length).toBeLessThan(300)
    expect(answer.text).not.toMatch(/node_modules|\.ts:|at \w+ \(|\/src\//)
    expect(answer.text).not.toContain(matinee.folder)
  })

  it.each(['-1', '0', '1.5', '1e308', '-1e308', '"NaN"', 'NaN', '1e999', 'true', '[1]'])(
    'with %s for a time are a 400, also where everything else is right',
    async (time) => {
      const { id } = await matinee.addFile('at-the-edge.mp4')
      const body = `{"file_id": "${id}", "expires_at": ${time}}`
      const answer = await v1('POST', '/share', { body, headers: { 'content-type': 'application/json' } })
      expect([answer.status, answer.json]).toEqual([400, failure('bad_request')])
    },
  )

  /** Bytes that had been read of a connection when its answer was out; what comes later is thrown away. */
  async function bytesRead(work: () => Promise<void>): Promise<number> {
    const read: number[] = []
    const onFinish = (message: unknown): void =>
      void read.push((message as { socket: Socket }).socket.bytesRead)
    subscribe('http.server.response.finish', onFinish)
    await work().finally(() => unsubscribe('http.server.response.finish', onFinish))
    expect(read).toHaveLength(1)
    return read[0] ?? 0
  }
  /** The limit, and what came with its last byte. */
  const MOST_READ = 1024 * 1024 + 128 * 1024

  it('of 10 MB are a 413, and most of it is never read', async () => {
    const body = JSON.stringify({ path: 'x'.repeat(10_000_000) })
    const head = ['POST /v1/files HTTP/1.1', `Host: ${new URL(matinee.api).host}`]
    const rest = [`Authorization: Bearer ${matinee.key}`, 'Content-Type: application/json']
    const read = await bytesRead(async () => {
      const answer = await raw(
        matinee.api,
        [...head, ...rest, `Content-Length: ${body.length}`, '', body].join('\r\n'),
      )
      expect(statusOf(answer)).toBe(413)
      expect(answer).toContain('"code":"too_large"')
      expect(answer).toMatch(/connection: close/i)
    })
    expect(read).toBeLessThan(MOST_READ)
  })

  it('without an end are a 413 and a hung-up connection', async () => {
    const { host } = new URL(matinee.api)
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const read = await bytesRead(async () => {
      const answer = await raw(
        matinee.api,
        `POST /v1/files HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${matinee.key}\r\n` +
          `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(160)}`,
      )
      expect(statusOf(answer)).toBe(413)
    })
    expect(read).toBeLessThan(MOST_READ)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense', ''])(
    'as "%s" are a 415',
    async (type) => {
      const answer = await v1('POST', '/share', {
        body: '{"file_id":"x"}',
        headers: { 'content-type': type },
      })
      expect(answer.status).toBe(415)
      expect(answer.json).toEqual(failure('unsupported_content_type'))
    },
  )

  it('as application/json with a charset are taken', async () => {
    const body = JSON.stringify({ path: matinee.makeFile('charset.mp4') })
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect((await v1('POST', '/files', { body, headers })).status).toBe(200)
  })
})
