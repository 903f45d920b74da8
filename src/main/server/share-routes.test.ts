import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { createLog } from '../base/log.ts'
import type { Deps } from './deps.ts'
import { escapeHtml } from './markup.ts'
import { buildShareServer } from './share-server.ts'
import { routesOf, SHARE_ROUTES, TOKEN_ROUTES, type ShareRoute } from './testing-share-routes.ts'
import { tokenOf as tokenFor, type TokenPurpose } from './testing-tokens.ts'
import { call, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'

const SECRETS = ['Nobody may read this title', 'nor this description', 'Hidden valley', 'hidden-tag']
/** Words of a page that tells something of what it is about. */
const CONTENT = /og:|twitter:|oembed|rel="canonical"|\/poster\/|\/stream\/|\/download\/|<video|<img/

let matinee: TestMatinee
let file: File
let hidden: Share
let open: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('Hidden valley.mp4', { around: true })
  hidden = await matinee.share(file.id, {
    visibility: 'private',
    title: SECRETS[0],
    description: SECRETS[1],
    metadata: { tag: SECRETS[3] },
    link_preview: 'player',
  })
  open = await matinee.share(file.id, { title: 'For everyone' })
})
afterAll(() => matinee.stop())

const ask = (route: ShareRoute, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(route.method, matinee.at(path), { headers, ...(route.body ? { body: route.body } : {}) })

/** The token of a private share for a purpose, as it is handed out. */
const tokenOf = (share: Share, purpose: TokenPurpose): string => tokenFor(matinee.secret, share, purpose)

it('every route of the share listener is a case of these tests, or has nothing of a share', async () => {
  const log = createLog({ level: 'silent' })
  const deps = { log, rendererDir: join(matinee.folder, 'renderer') } as unknown as Deps
  const app = buildShareServer(deps)
  const routes = await routesOf(app)
  await app.close()
  const leading = routes.filter(
    (route) =>
      // A preflight says nothing of what is there; files of the page are the same for everyone.
      !/^OPTIONS \/(stream|poster|download|card-picture|card-film)\/\*$/.test(route) &&
      !/^(GET|HEAD) \/(assets|fonts)\/\S+$/.test(route) &&
      !/^\w+ \/(sign-in|sign-out|invite\/:code)$/.test(route),
  )
  // Every GET answers HEAD as well, by Fastify: the cases ask both.
  const heads = Object.keys(SHARE_ROUTES).flatMap((it) =>
    it.startsWith('GET ') ? [`HEAD ${it.slice(4)}`] : [],
  )
  expect(leading.sort()).toEqual([...Object.keys(SHARE_ROUTES), ...heads].sort())
})

describe.each(Object.entries(SHARE_ROUTES))('%s', (_, route) => {
  const headers = { origin: 'https://player.test' }

  it('S1: of a private share is a 401 by the bare id, and tells nothing of it', async () => {
    const methods = route.method === 'GET' ? (['GET', 'HEAD'] as const) : [route.method]
    for (const path of route.paths(hidden.id)) {
      for (const method of methods) {
        const answer = await call(method, matinee.at(path), route.body ? { body: route.body } : {})
        expect(answer.status, `${method} ${path}`).toBe(401)
        // The sign-in form leads back to the address that was asked for, and knows no more of it.
        const back = `<input type="hidden" name="return_to" value="${escapeHtml(path)}">`
        const told = answer.text.replace(back, '')
        for (const secret of [...SECRETS, hidden.id, file.id]) expect(told).not.toContain(secret)
        expect(told).not.toMatch(CONTENT)
        expect(answer.headers.get('cache-control')).toMatch(/no-store/)
        expect(answer.headers.get('x-frame-options')).toBe('DENY')
        expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
        for (const name of ['content-disposition', 'etag', 'last-modified', 'set-cookie', 'content-range']) {
          expect(answer.headers.get(name), name).toBeNull()
        }
        if (method !== 'HEAD' && answer.headers.get('content-type')?.includes('json')) {
          expect(answer.json).toEqual({ error: 'Sign in to see this.', code: 'sign_in_required' })
        }
      }
    }
  })

  it('S1: takes no key of the owner, and no token that stands elsewhere, for a way in', async () => {
    const token = tokenOf(hidden, 'stream')
    for (const more of [
      { authorization: `Bearer ${matinee.key}` },
      { authorization: `Bearer ${token}` },
      { cookie: await matinee.signIn() },
      { cookie: `matinee_member_${new URL(matinee.shareBase).port}=${token}` },
      { range: 'bytes=0-0' },
      { 'if-none-match': '*' },
    ]) {
      for (const path of route.paths(hidden.id)) expect((await ask(route, path, more)).status, path).toBe(401)
    }
    for (const path of route.paths(hidden.id)) {
      const withToken = `${path}${path.includes('?') ? '&' : '?'}token=${token}`
      expect((await ask(route, withToken)).status, path).toBe(401)
    }
  })

  it('S12: answers an id that is unknown, malformed or of a deleted share with the same 404', async () => {
    const doomed = await matinee.share((await matinee.addFile('doomed.mp4')).id)
    await matinee.v1('DELETE', `/share/${doomed.id}`)
    const keys = [randomUUID(), doomed.id, 'x', '0', open.id.toUpperCase(), `${open.id}0`, hidden.id.slice(1)]
    for (const [index] of route.paths(open.id).entries()) {
      const answers = new Set<string>()
      for (const key of keys) {
        const { status, text, headers: got } = await ask(route, route.paths(key)[index] ?? '')
        answers.add([status, got.get('content-type'), got.get('cache-control'), text].join(' '))
      }
      expect([...answers]).toHaveLength(1)
      expect([...answers][0]).toMatch(/^404 .* no-store/)
    }
  })

  it('S28: of a public share says its type, and nothing about the server', async () => {
    for (const path of route.paths(open.id)) {
      const { status, headers: got } = await ask(route, path)
      expect(status, path).toBe(200)
      expect(got.get('content-type'), path).toMatch(route.type)
      expect(got.get('x-content-type-options')).toBe('nosniff')
      expect(got.get('referrer-policy')).toBe('no-referrer')
      expect(got.get('server') ?? got.get('x-powered-by')).toBeNull()
      expect(got.get('content-disposition')).toBe(
        route.purpose === 'download'
          ? `attachment; filename="Hidden valley.mp4"; filename*=UTF-8''Hidden%20valley.mp4`
          : null,
      )
    }
  })

  it('S27, S26: of a public share is kept for no longer than it is asked about, and read by whom it is for', async () => {
    for (const path of route.paths(open.id)) {
      const { headers: got } = await ask(route, path, headers)
      expect(got.get('cache-control'), path).toBe(route.cache)
      expect(got.get('access-control-allow-origin')).toBe(route.anyOrigin ? '*' : null)
      expect(got.get('access-control-allow-credentials')).toBeNull()
    }
  })

  it('S26: is a failure for other sites too, without credentials', async () => {
    for (const path of route.paths(hidden.id)) {
      const { status, headers: got } = await ask(route, path, headers)
      expect(status).toBe(401)
      expect(got.get('access-control-allow-origin')).toBe(route.anyOrigin ? '*' : null)
      expect(got.get('access-control-allow-credentials')).toBeNull()
    }
  })
})

describe.each(TOKEN_ROUTES)('$name of a private share, under its token', (route) => {
  const paths = (): string[] => route.paths(tokenOf(hidden, route.purpose))
  const whole: ShareRoute = route

  it('S27: is kept by nobody', async () => {
    for (const path of paths()) {
      const { status, headers } = await ask(whole, path)
      expect(status, path).toBe(200)
      expect(headers.get('cache-control'), path).toBe('private, no-store')
      const again = await ask(whole, path, { 'if-none-match': headers.get('etag') ?? '' })
      expect([again.status, again.headers.get('cache-control')], path).toEqual([304, 'private, no-store'])
    }
  })

  it('S26: may be read by players of other sites, also in parts, never with their cookies', async () => {
    for (const path of paths()) {
      const origin = { origin: 'https://player.test', cookie: 'any=thing' }
      for (const [method, more] of [
        ['GET', {}],
        ['GET', { range: 'bytes=0-1' }],
        ['HEAD', {}],
        ['OPTIONS', {}],
      ] as const) {
        const { status, headers } = await call(method, matinee.at(path), { headers: { ...origin, ...more } })
        expect([200, 204, 206], `${method} ${path}`).toContain(status)
        expect(headers.get('access-control-allow-origin')).toBe('*')
        expect(headers.get('access-control-allow-credentials')).toBeNull()
        if (method === 'OPTIONS') expect(headers.get('access-control-allow-headers')).toContain('Range')
        else expect(headers.get('access-control-expose-headers')).toMatch(/Content-Length, Content-Range/)
      }
    }
  })

  it('S28: says its type and its name', async () => {
    for (const path of paths()) {
      const { headers } = await ask(whole, path)
      expect(headers.get('content-type'), path).toMatch(route.type)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      const name = headers.get('content-disposition')
      if (route.purpose === 'download') expect(name).toContain('attachment; filename="Hidden valley.mp4"')
      else expect(name).toBeNull()
    }
  })
})

it('S26: the preflight tells the same of every key, so it tells nothing', async () => {
  const answers = new Set<string>()
  for (const key of [hidden.id, open.id, randomUUID(), 'm1.a.b', 'x']) {
    const { status, headers } = await call('OPTIONS', matinee.at(`/stream/${key}/main.m3u8`))
    answers.add(JSON.stringify([status, ...[...headers].filter(([name]) => name !== 'date')]))
  }
  expect([...answers]).toHaveLength(1)
  expect([...answers][0]).toMatch(/^\[204,/)
})

it('S26: the API and the file manager are for no other origin', async () => {
  for (const path of ['/share', `/share/${hidden.id}`, '/files']) {
    const { headers } = await matinee.v1('GET', path)
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await matinee.v1('GET', path, { headers: { origin: 'https://player.test' } })).status).toBe(403)
  }
})

describe('S9: a private share that is deleted', () => {
  it('is gone at every address at once, under its id and every token, and comes back as it was', async () => {
    const film = await matinee.addFile('Doomed.mp4', { around: true })
    const doomed = await matinee.share(film.id, { visibility: 'private', link_preview: 'player' })
    const asked = [
      ...Object.values(SHARE_ROUTES).map((route) => ({ route, paths: route.paths(doomed.id), before: 401 })),
      ...TOKEN_ROUTES.map((route) => ({
        route: route,
        paths: route.paths(tokenOf(doomed, route.purpose)),
        before: 200,
      })),
    ]
    const tags = new Map<string, string>()
    for (const { route, paths, before } of asked) {
      for (const path of paths) {
        const { status, headers } = await ask(route, path)
        expect(status, path).toBe(before)
        tags.set(path, headers.get('etag') ?? '"none"')
      }
    }
    expect((await matinee.v1('DELETE', `/share/${doomed.id}`)).status).toBe(200)
    for (const { route, paths } of asked) {
      for (const path of paths) {
        for (const more of [{}, { 'if-none-match': tags.get(path) ?? '' }, { range: 'bytes=0-0' }]) {
          const { status, headers } = await ask(route, path, more)
          expect(status, path).toBe(404)
          expect(headers.get('cache-control')).toBe('no-store')
        }
      }
    }
    expect((await matinee.v1('DELETE', `/share/${doomed.id}`)).status).toBe(404)
    expect((await matinee.v1('POST', `/share/${doomed.id}/restore`)).status).toBe(200)
    for (const { route, paths, before } of asked) {
      for (const path of paths) expect((await ask(route, path)).status, path).toBe(before)
    }
  })
})
