import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, raw, rawGet, startTestMatinee, statusOf, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const bearer = (): string => `Authorization: Bearer ${matinee.key}`

describe('S15: the private listener answers to its own names only', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('%s with the port is one', async (name) => {
    const host = `Host: ${name}:${new URL(matinee.api).port}`
    expect(statusOf(await rawGet(matinee.api, '/v1/health', [host, bearer()]))).toBe(200)
  })

  it.each(['/', '/v1/health', '/assets/manager-a1.js', '/nothing'])(
    'evil.test gets nothing of %s',
    async (path) => {
      const { port } = new URL(matinee.api)
      const strange = [
        'evil.test',
        `evil.test:${port}`,
        '127.0.0.1',
        `127.0.0.1:${port}.evil.test`,
        'localhost:1',
        '',
      ]
      for (const host of strange) {
        const answer = await rawGet(matinee.api, path, [`Host: ${host}`, bearer()])
        expect(statusOf(answer), host).toBe(421)
        expect(answer).toContain('"code":"misdirected_host"')
        expect(answer).not.toContain('Manager')
      }
    },
  )

  it('a request without a name is refused', async () => {
    expect(statusOf(await raw(matinee.api, `GET / HTTP/1.1\r\nConnection: close\r\n\r\n`))).toBe(400)
    expect(statusOf(await raw(matinee.api, `GET / HTTP/1.0\r\n\r\n`))).toBe(421)
  })
})

describe('S18: the API takes the key in its header and nowhere else', () => {
  const health = (headers: Record<string, string>, query = ''): ReturnType<typeof call> =>
    call('GET', `${matinee.api}/v1/health${query}`, { headers })

  it.each(['Bearer', 'bearer', 'BEARER'])('with the scheme written %s', async (scheme) => {
    expect((await health({ authorization: `${scheme} ${matinee.key}` })).status).toBe(200)
  })

  it('and refuses everything else with 401, JSON and WWW-Authenticate', async () => {
    const { key } = matinee
    const wrong = [
      'Bearer',
      'Bearer ',
      `Bearer ${key}X`,
      `Bearer ${key} ${key}`,
      key,
      `Basic ${key}`,
      'Bearer wrong',
    ]
    const answers = [
      await health({}),
      ...(await Promise.all(wrong.map((authorization) => health({ authorization })))),
      await health({}, `?key=${key}&api_key=${key}&access_token=${key}&authorization=Bearer%20${key}`),
      await call('GET', `${matinee.api}/v1/openapi.json`),
      await call('GET', `${matinee.api}/v1/nothing`),
      await call('POST', `${matinee.api}/v1/launch`),
      await call('GET', `${matinee.api}/v1/events`),
    ]
    for (const { status, headers, json } of answers) {
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe('Bearer')
      expect(json).toEqual({ error: expect.any(String) as string, code: 'sign_in_required' })
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  it('a wrong key is not made up for by a session', async () => {
    const cookie = await matinee.signIn()
    expect((await health({ cookie })).status).toBe(200)
    expect((await health({ cookie, authorization: 'Bearer wrong' })).status).toBe(401)
  })

  it('a session is no key, and a launch token neither', async () => {
    const id = (await matinee.signIn()).split('=')[1] ?? ''
    const launch = new URL(matinee.managerUrl()).searchParams.get('launch') ?? ''
    expect((await health({ authorization: `Bearer ${id}` })).status).toBe(401)
    expect((await health({ authorization: `Bearer ${launch}` })).status).toBe(401)
  })
})

describe('S17: other sites change nothing', () => {
  let cookie: string
  beforeAll(async () => {
    cookie = await matinee.signIn()
  })
  const launch = (headers: Record<string, string>): ReturnType<typeof call> =>
    call('POST', `${matinee.api}/v1/launch`, { headers: { cookie, ...headers } })

  it('a call that changes something needs our origin beside the cookie', async () => {
    expect((await launch({ origin: matinee.api })).status).toBe(200)
    const refused = await launch({})
    expect(refused.status).toBe(403)
    expect(refused.json).toEqual({ error: expect.any(String) as string, code: 'forbidden' })
  })

  it.each(['https://evil.test', 'null', 'http://127.0.0.1', 'http://localhost:1'])(
    'origin %s is refused, with cookie or key, for reading and writing',
    async (origin) => {
      expect((await launch({ origin })).status).toBe(403)
      const key = { origin, authorization: `Bearer ${matinee.key}` }
      expect((await call('POST', `${matinee.api}/v1/launch`, { headers: key })).status).toBe(403)
      expect((await call('GET', `${matinee.api}/v1/health`, { headers: key })).status).toBe(403)
      expect((await call('GET', matinee.api, { headers: { origin, cookie } })).status).toBe(403)
    },
  )

  it('the page of another port of this computer is another site', async () => {
    expect((await launch({ origin: matinee.shareBase })).status).toBe(403)
    for (const site of ['same-site', 'cross-site']) {
      const headers = { cookie, 'sec-fetch-site': site }
      expect((await call('GET', `${matinee.api}/v1/files`, { headers })).status).toBe(403)
    }
    const own = { cookie, 'sec-fetch-site': 'same-origin' }
    expect((await call('GET', `${matinee.api}/v1/files`, { headers: own })).status).toBe(200)
  })

  it('a form or a text body of a foreign page does nothing', async () => {
    const file = await matinee.addFile('csrf.mp4')
    const body = JSON.stringify({ file_id: file.id })
    const attempts: Record<string, string>[] = [
      { origin: 'https://evil.test', 'content-type': 'text/plain' },
      { origin: matinee.api, 'content-type': 'text/plain' },
      { origin: matinee.api, 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/json' },
    ]
    const statuses = []
    for (const headers of attempts) {
      statuses.push(
        (await call('POST', `${matinee.api}/v1/share`, { body, headers: { cookie, ...headers } })).status,
      )
    }
    expect(statuses).toEqual([403, 415, 415, 403])
    expect((await matinee.v1('GET', `/share?file_id=${file.id}`)).json.total).toBe(0)
  })

  it('a preflight is not answered', async () => {
    const headers = { origin: 'https://evil.test', 'access-control-request-method': 'POST' }
    const answer = await call('OPTIONS', `${matinee.api}/v1/share`, { headers })
    expect(answer.status).toBe(403)
    expect([...answer.headers.keys()].filter((it) => it.startsWith('access-control'))).toEqual([])
  })
})
