import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../base/log.ts'
import type { Deps } from './deps.ts'
import { buildPrivateServer } from './private-server.ts'
import { routesOf } from './testing-share-routes.ts'
import { call, failure, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'

const PASSWORD = 'walking notes'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const v1 = (method: string, path: string, body?: unknown): Promise<Answer> =>
  matinee.v1(method, path, body === undefined ? {} : { body })

describe('/v1/members', () => {
  it('are added, listed, changed, signed out and removed', async () => {
    const made = await v1('POST', '/members', { name: 'Ada', password: PASSWORD })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toEqual({
      ...{ id: expect.any(String) as string, object: 'member', name: 'Ada', role: 'member' },
      ...{ sessions: 0, created_at: expect.any(Number) as number },
    })
    const path = `/members/${made.json.id}`
    expect((await v1('GET', '/members')).json).toMatchObject({ object: 'list', total: 1, data: [made.json] })
    expect((await v1('GET', path)).json).toEqual(made.json)
    expect((await v1('PUT', path, { name: 'Countess' })).json).toEqual({ ...made.json, name: 'Countess' })
    expect((await v1('POST', `${path}/sign-out`)).status).toBe(200)
    expect((await v1('DELETE', path)).json).toEqual({ id: made.json.id, object: 'member' })
    for (const [method, gone, body] of [
      ['GET', path],
      ['PUT', path, { name: 'x' }],
      ['DELETE', path],
      ['POST', `${path}/sign-out`],
    ] as const) {
      const answer = await v1(method, gone, body)
      expect([answer.status, answer.json]).toEqual([404, failure('not_found')])
    }
  })

  it('are refused with a name or password that will not do', async () => {
    const bad = [
      { name: 'Ben' },
      { name: 'Ben', password: 'short' },
      { name: 'Ben', password: 7 },
      { name: '', password: PASSWORD },
      { name: '   ', password: PASSWORD },
      { name: 'x'.repeat(101), password: PASSWORD },
      { name: 'Ben', password: 'x'.repeat(1001) },
      { name: 'Ben', password: PASSWORD, role: 'admin' },
    ]
    for (const body of bad) {
      const { status, json } = await v1('POST', '/members', body)
      expect([status, json], JSON.stringify(body)).toEqual([400, failure('bad_request')])
      expect(json.error).not.toContain(PASSWORD)
    }
    expect((await v1('POST', '/members', { name: 'Me', password: PASSWORD, role: 'owner' })).status).toBe(200)
    const second = await v1('POST', '/members', { name: 'Me 2', password: PASSWORD, role: 'owner' })
    expect([second.status, second.json]).toEqual([409, failure('conflict')])
  })
})

describe('/v1/invites', () => {
  it('are made, listed without their address, and withdrawn', async () => {
    const made = await v1('POST', '/invites', { name: 'Ben', expires_in_seconds: 3600 })
    expect(made.status, made.text).toBe(200)
    expect(made.json.url).toMatch(new RegExp(`^${matinee.shareBase}/invite/[\\w-]{43}$`))
    expect(made.json.links).toEqual([{ reach: 'loopback', url: made.json.url }])
    expect(made.json.expires_at).toBe(made.json.created_at + 3_600_000)
    const { json, text } = await v1('GET', '/invites')
    expect(json).toMatchObject({ total: 1, data: [{ id: made.json.id, object: 'invite', name: 'Ben' }] })
    expect(text).not.toContain(made.json.url.split('/').at(-1))
    expect((await v1('DELETE', `/invites/${made.json.id}`)).json).toEqual({
      ...{ id: made.json.id, object: 'invite' },
    })
    expect((await v1('DELETE', `/invites/${made.json.id}`)).status).toBe(404)
    expect((await v1('POST', '/invites', { member_id: randomUUID() })).status).toBe(404)
    for (const body of [{ expires_in_seconds: 1 }, { expires_in_seconds: 1e9 }, { name: '' }]) {
      expect((await v1('POST', '/invites', body)).status).toBe(400)
    }
  })
})

describe('/v1/api-keys', () => {
  type Key = { id: string; key: string; prefix: string; scope: string; last_used_at?: number }
  const make = async (body: object): Promise<Key> =>
    (await v1('POST', '/api-keys', body)).json as unknown as Key
  const withKey = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
    call(method, `${matinee.api}/v1${path}`, {
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body }),
    })

  it('open what their scope says until they are revoked, and the first key always', async () => {
    const [reader, writer] = [await make({ name: 'R', scope: 'read' }), await make({ name: 'W' })]
    expect((await withKey(reader.key, 'GET', '/members')).status).toBe(200)
    const refused = await withKey(reader.key, 'POST', '/invites', {})
    expect([refused.status, refused.json]).toEqual([403, failure('forbidden')])
    expect((await withKey(writer.key, 'POST', '/invites', {})).status).toBe(200)

    const listed = await v1('GET', '/api-keys')
    expect(listed.json.total).toBe(2)
    for (const { key } of [reader, writer]) expect(listed.text).not.toContain(key)
    const first = listed.json.data.find((it) => it.id === reader.id) as unknown as Key
    expect(first).toMatchObject({
      prefix: reader.key.slice(0, 10),
      last_used_at: expect.any(Number) as number,
    })

    expect((await v1('DELETE', `/api-keys/${writer.id}`)).json).toEqual({ id: writer.id, object: 'api_key' })
    expect((await withKey(writer.key, 'GET', '/members')).status).toBe(401)
    expect((await v1('DELETE', `/api-keys/${writer.id}`)).status).toBe(404)
    expect((await v1('GET', '/members')).status).toBe(200)
    for (const body of [{}, { name: '' }, { name: 'x', scope: 'admin' }]) {
      expect((await v1('POST', '/api-keys', body)).status).toBe(400)
    }
  })

  it('S18: a key that may only look is refused by every route that changes something', async () => {
    const { key } = await make({ name: 'Looks', scope: 'read' })
    const log = createLog({ level: 'silent' })
    const health = () => ({ version: '0' })
    const app = buildPrivateServer({ log, health, rendererDir: matinee.folder } as unknown as Deps)
    const routes = (await routesOf(app)).filter((it) => it.includes(' /v1/'))
    await app.close()
    const changing = routes.filter((it) => !/^(GET|HEAD|OPTIONS) /.test(it))
    expect(changing.length).toBeGreaterThan(20)
    for (const route of changing) {
      const [method = '', url = ''] = route.split(' ')
      const { status, json } = await withKey(key, method, url.slice(3).replace(/:\w+/g, randomUUID()))
      expect([status, json], route).toEqual([403, failure('forbidden')])
    }
  })
})
