import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failure, raw, startTestMatinee, statusOf, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const v1: TestMatinee['v1'] = (...it) => matinee.v1(...it)
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('every list', () => {
  it.each(['/files', '/share', '/folders', '/jobs'])('S43: %s pages within its bounds', async (path) => {
    const { status, json } = await v1('GET', path)
    expect(status).toBe(200)
    expect(json).toMatchObject({ object: 'list', data: expect.any(Array) as unknown[], limit: 50, offset: 0 })
    expect(json.total).toBeTypeOf('number')
    for (const query of ['limit=1', 'limit=100', 'offset=1000000000000', 'limit=7&offset=3', 'unknown=x']) {
      expect((await v1('GET', `${path}?${query}`)).status, query).toBe(200)
    }
    const outside = [
      'limit=0',
      'limit=-1',
      'limit=101',
      'limit=1e9',
      'limit=abc',
      'limit=',
      'limit=1.5',
      'offset=-1',
    ]
    for (const query of [...outside, 'offset=x', 'offset=1e999', 'limit=1&limit=2']) {
      const refused = await v1('GET', `${path}?${query}`)
      expect(refused.status, query).toBe(400)
      expect(refused.json).toEqual(failure('bad_request'))
    }
  })

  it('S43: gives each item once, also while others are added at its end', async () => {
    for (const it of [1, 2, 3, 4, 5]) await matinee.addFile(`paging-${it}.mp4`)
    const ids: string[] = []
    for (let offset = 0; ; offset += 2) {
      const { json } = await v1('GET', `/files?limit=2&offset=${offset}&sort=asc&q=paging-`)
      ids.push(...json.data.map((it: { id: string }) => it.id))
      if (json.data.length < 2) break
      if (offset === 2) await matinee.addFile('paging-6.mp4')
    }
    expect(ids).toHaveLength(6)
    expect(new Set(ids).size).toBe(6)
  })

  it('filters by days: from that day on, and until before it', async () => {
    const file = await matinee.addFile('dated.mp4')
    const day = (offset: number): string =>
      new Date(file.created_at + offset * 86_400_000).toISOString().slice(0, 10)
    const found = async (query: string): Promise<number> =>
      (await v1('GET', `/files?q=dated&${query}`)).json.total
    expect(await found(`created_after=${day(0)}&created_before=${day(1)}`)).toBe(1)
    expect(await found(`created_after=${day(1)}`)).toBe(0)
    expect(await found(`created_before=${day(0)}`)).toBe(0)
    for (const wrong of ['2026-13-01', '2026-02-30', 'yesterday', '1795546027767', '2026-1-1']) {
      for (const path of ['/files', '/share']) {
        const refused = await v1('GET', `${path}?created_after=${wrong}`)
        expect(refused.status, wrong).toBe(400)
        expect(refused.json.error).toContain('created_after')
      }
    }
  })
})

describe('every id', () => {
  it('S12: answers the same when it is unknown, malformed or of something else', async () => {
    const file = await matinee.addFile('other-kind.mp4')
    const ids = [randomUUID(), 'x', '1', '%00', '..%2f..', `${file.id}x`, '%20', 'a'.repeat(3000), "'%3B--"]
    const calls = [
      ['GET', '/files/ID'],
      ['PUT', '/files/ID', {}],
      ['DELETE', '/files/ID'],
      ['GET', '/files/ID/thumbnails'],
      ['GET', '/files/ID/thumbnails/poster.jpg'],
      ['GET', '/files/ID/content'],
      ['GET', '/files/ID/stream/main.m3u8'],
      ['GET', '/files/ID/stream/0/0.m4s'],
      ['GET', '/folders/ID'],
      ['DELETE', '/folders/ID'],
      ['POST', '/folders/ID/scan'],
      ['GET', '/share/ID'],
      ['PUT', '/share/ID', {}],
      ['DELETE', '/share/ID'],
      ['POST', '/share/ID/restore'],
      ['POST', '/jobs/ID/cancel'],
    ] as const
    for (const [method, path, body] of calls) {
      const answers = []
      for (const id of path.startsWith('/files') ? ids : [...ids, file.id]) {
        const { status, text } = await v1(method, path.replace('ID', id), body ? { body } : {})
        answers.push(`${status} ${text}`)
      }
      expect(new Set(answers).size, `${method} ${path} ${answers.join()}`).toBe(1)
      expect(answers[0]).toMatch(/^404 {"error":".+","code":"not_found"}$/)
    }
  })

  it('S12: of a share is random and tells nothing', async () => {
    const file = await matinee.addFile('many-ids.mp4')
    const ids = new Set<string>()
    for (let count = 0; count < 200; count += 1) {
      const { id } = await matinee.share(file.id)
      ids.add(id)
      await v1('DELETE', `/share/${id}`)
    }
    expect(ids.size).toBe(200)
    for (const id of ids) expect(id).toMatch(UUID_V4)
    // Sorted as made would be a clock or a counter.
    expect([...ids]).not.toEqual([...ids].sort())
  })
})

describe('every call', () => {
  it('answers in JSON, uncached, and tells nothing of its machinery', async () => {
    for (const path of ['/files', '/health', '/nothing', '/files/x', '/files?limit=0', '/openapi.json']) {
      const { headers } = await v1('GET', path)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('access-control-allow-origin')).toBeNull()
      for (const it of ['x-powered-by', 'server']) expect(headers.get(it)).toBeNull()
    }
  })

  it('that nobody knows is a 404, under another method a 405', async () => {
    for (const path of ['', '/', '/nothing', '/files/x/y/z', '/Files', '/files/']) {
      const answer = await v1('GET', path)
      expect(answer.status, path).toBe(404)
      expect(answer.json).toEqual(failure('not_found'))
    }
    for (const [method, path, allow] of [
      ['PATCH', '/files', 'POST, GET, HEAD'],
      ['POST', '/files/x', 'GET, HEAD, PUT, DELETE'],
      ['DELETE', '/health', 'GET, HEAD'],
      ['GET', '/launch', 'POST'],
    ] as const) {
      const answer = await v1(method, path)
      expect(answer.status, path).toBe(405)
      expect(answer.headers.get('allow')).toBe(allow)
      expect(answer.json).toEqual(failure('method_not_allowed'))
    }
  })

  it('ignores fields and query keys it does not know, as clients send them', async () => {
    const file = await matinee.addFile('extra.mp4')
    const body = { file_id: file.id, fileId: 7, linkPreview: 'nonsense', nested: { a: [1] } }
    const made = await v1('POST', '/share?trace=1', { body })
    expect(made.status).toBe(200)
    expect(made.json).not.toHaveProperty('fileId')
    expect((await v1('GET', `/share/${made.json.id}?pretty=true&visibility=nonsense`)).status).toBe(200)
  })

  it('also works for clients that name a type where they send nothing', async () => {
    const headers = { 'content-type': 'application/json' }
    const { id } = await matinee.addFile('empty-body.mp4')
    expect((await v1('POST', '/launch', { headers })).status).toBe(200)
    expect((await v1('DELETE', `/files/${id}`, { headers })).status).toBe(200)
    const empty = await v1('POST', '/files', { headers })
    expect(empty.status).toBe(400)
    expect(empty.json.error).toBe('The body must be a JSON object.')
  })
})

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
    expect(answer.text).not.toMatch(/node_modules|\.ts:|at \w+ \(|\/work|\/tmp/)
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

  it('of 10 MB are a 413, and most of it is never read', async () => {
    const body = JSON.stringify({ path: 'x'.repeat(10_000_000) })
    const head = ['POST /v1/files HTTP/1.1', `Host: ${new URL(matinee.api).host}`]
    const rest = [`Authorization: Bearer ${matinee.key}`, 'Content-Type: application/json']
    const answer = await raw(
      matinee.api,
      [...head, ...rest, `Content-Length: ${body.length}`, '', body].join('\r\n'),
    )
    expect(statusOf(answer)).toBe(413)
    expect(answer).toContain('"code":"too_large"')
    expect(answer).toMatch(/connection: close/i)
  })

  it('without an end are a 413 and a hung-up connection', async () => {
    const { host } = new URL(matinee.api)
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const answer = await raw(
      matinee.api,
      `POST /v1/files HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${matinee.key}\r\n` +
        `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    )
    expect(statusOf(answer)).toBe(413)
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

type Schema = { required: string[]; properties: Record<string, unknown> }
type Content = { content: Record<string, { schema: Schema }> }
type Operation = { requestBody: Content; responses: Record<string, Content> }
type OpenApi = {
  openapi: string
  components: { securitySchemes: Record<string, unknown> }
  paths: Record<string, Record<string, Operation>>
}

describe('the contract in its machine-readable form', () => {
  it('names every call, its security and its failures', async () => {
    const json = (await v1('GET', '/openapi.json')).json as unknown as OpenApi
    expect(json.openapi).toBe('3.1.0')
    expect(json.components.securitySchemes['bearer']).toEqual({ type: 'http', scheme: 'bearer' })
    expect(Object.keys(json.paths).every((it) => it.startsWith('/v1/'))).toBe(true)
    const calls = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(calls).toEqual(
      expect.arrayContaining([
        'post /v1/files',
        'put /v1/files/{id}',
        'post /v1/share',
        'post /v1/share/{id}/restore',
        'get /v1/events',
        'post /v1/jobs/{id}/cancel',
      ]),
    )
    const post = json.paths['/v1/share']?.['post']
    const schemaOf = (content: Content | undefined): Schema | undefined =>
      content?.content['application/json']?.schema
    expect(schemaOf(post?.requestBody)?.required).toEqual(['file_id'])
    expect(schemaOf(post?.responses['200'])?.properties['share_url']).toEqual({ type: 'string' })
    expect(schemaOf(post?.responses['default'])?.required).toEqual(['error', 'code'])
  })
})
