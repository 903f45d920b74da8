import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

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
