import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Share } from '../../shared/api/share.ts'
import { createLog } from '../base/log.ts'
import { PURPOSES, signToken, type Purpose } from '../shares/token.ts'
import { trialKeys, type TrialKey } from '../shares/trial-keys.ts'
import type { Deps } from './deps.ts'
import { createPlainClient, type PlainClient } from './plain-client.ts'
import { buildPrivateServer } from './private-server.ts'
import { SHARE_ADDRESSES } from './share-addresses.ts'
import { buildShareServer } from './share-server.ts'
import { faultOf, trialsOf, type Trial } from './share-trials.ts'
import { signInNewMember, unlockShare, type Guest } from './testing-guests.ts'
import { routesOf } from './testing-share-routes.ts'
import { startTestMatinee, type TestMatinee } from './testing.ts'

const SECRETS = ['A title that nobody may read', 'nor this description', 'Hidden crawl', 'hidden-crawl-tag']
const FACTS = { title: SECRETS[0], description: SECRETS[1], metadata: { tag: SECRETS[3] } }

let matinee: TestMatinee
let guests: PlainClient
let owners: PlainClient
let hidden: Share
let open: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  guests = createPlainClient(matinee.shareBase, 8)
  owners = createPlainClient(matinee.api, 8)
  const file = await matinee.addFile('Hidden crawl.mp4', { around: true })
  hidden = await matinee.share(file.id, { visibility: 'private', ...FACTS })
  open = await matinee.share(file.id, FACTS)
})
afterAll(async () => {
  guests.close()
  owners.close()
  await matinee.stop()
})

/** The row of a share, as the store has it. */
const rowOf = (id: string) => {
  const row = matinee.store.shares.byId(id)
  if (!row) throw new Error('there is no such share')
  return row
}
const wrongKeys = (id: string) => (purpose: Purpose) =>
  trialKeys(matinee.secret, rowOf(id), purpose, Date.now())
/** Keys that were good until what they are for ended. */
const goodKeys =
  (id: string, expected: number) =>
  (purpose: Purpose): TrialKey[] => {
    const key = signToken(matinee.secret, { shareId: id, purpose, window: null, expiresAt: null })
    return purpose === 'page' ? [] : [{ kind: 'foreign', key, expected }]
  }

/** Sends all trials, some at a time; what was wrong with the answers. */
async function faultsOf(trials: readonly Trial[], secrets: readonly string[] = SECRETS): Promise<string[]> {
  const faults: string[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let trial = trials[next++]; trial; trial = trials[next++]) {
      const fault = faultOf(trial, await guests.ask(trial), secrets)
      if (fault) faults.push(`${trial.attempt}: ${trial.method} ${trial.path}: ${fault}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return faults
}

const silent = (): Deps =>
  ({
    log: createLog({ level: 'silent' }),
    rendererDir: join(matinee.folder, 'renderer'),
    health: () => ({ version: 'test' }),
  }) as unknown as Deps

/** Routes of the share listener that know nothing of any share. */
const WITHOUT_SHARES = [
  /^OPTIONS \/(stream|poster|download|card-picture|card-film)\/\*$/,
  /^(GET|HEAD) \/(assets|fonts)\/\S+$/,
  /^(GET|HEAD|POST) \/(sign-in|sign-out|invite\/:code)$/,
]

it('every route of the share listener stands in the table that the crawl walks', async () => {
  const app = buildShareServer(silent())
  const routes = await routesOf(app)
  await app.close()
  const leading = routes.filter((route) => !WITHOUT_SHARES.some((it) => it.test(route)))
  // Fastify answers HEAD wherever there is a GET: the crawl asks both.
  const asGet = leading.map((it) => it.replace(/^HEAD /, 'GET '))
  expect([...new Set(asGet)].sort()).toEqual(Object.keys(SHARE_ADDRESSES).sort())
})

describe('S1, S2, S3, S4, S5: the gate of a share, at every address, under every key that must not open', () => {
  it('of a private share stays shut', async () => {
    const token = (hidden.stream_url ?? '').split('/')[4] ?? ''
    const trials = trialsOf({ id: hidden.id, bare: 401, keysFor: wrongKeys(hidden.id), token })
    expect(trials.length).toBeGreaterThan(500)
    expect(await faultsOf(trials)).toEqual([])
  })

  it('of a private share that chats show opens nothing but its card', async () => {
    const file = await matinee.addFile('Hidden crawl 5.mp4')
    const { id } = await matinee.share(file.id, { ...FACTS, visibility: 'private', link_preview: 'full' })
    const trials = trialsOf({ id, bare: 401, hasCard: true, keysFor: wrongKeys(id) })
    expect(trials.filter((it) => it.attempt === 'as_chat' && it.expected[0] === 401).length).toBeGreaterThan(
      10,
    )
    expect(await faultsOf(trials)).toEqual([])
  })

  it('of a public share opens by its id alone', async () => {
    expect(await faultsOf(trialsOf({ id: open.id, bare: 200, keysFor: wrongKeys(open.id) }))).toEqual([])
  })

  it('of a part of a file opens nothing of the rest', async () => {
    const body = { start_time: 2, end_time: 4, name: 'Hidden part' }
    const made = await matinee.v1('POST', `/files/${hidden.file_id}/segments`, { body })
    const part = await matinee.share(hidden.file_id, {
      ...FACTS,
      visibility: 'private',
      file_segment_id: made.json.id,
    })
    expect(wrongKeys(part.id)('stream').filter((it) => it.kind === 'other_window')).toHaveLength(2)
    expect(await faultsOf(trialsOf({ id: part.id, bare: 401, keysFor: wrongKeys(part.id) }))).toEqual([])
  })

  it('S9: that was deleted is gone, also for keys that were good', async () => {
    const doomed = await matinee.share((await matinee.addFile('Hidden crawl 2.mp4')).id, {
      ...FACTS,
      visibility: 'private',
    })
    await matinee.v1('DELETE', `/share/${doomed.id}`)
    const keysFor = goodKeys(doomed.id, 404)
    expect(await faultsOf(trialsOf({ id: doomed.id, bare: 404, keysFor }))).toEqual([])
  })

  it('that has ended is over, also for keys that were good', async () => {
    const file = await matinee.addFile('Hidden crawl 3.mp4')
    const ended = await matinee.share(file.id, { ...FACTS, expires_at: Date.now() + 60_000 })
    matinee.store.shares.update({ ...rowOf(ended.id), expiresAt: Date.now() - 1 })
    const keysFor = goodKeys(ended.id, 410)
    expect(await faultsOf(trialsOf({ id: ended.id, bare: 410, keysFor }))).toEqual([])
  })

  /** Keys that somebody was given, and that hold no more. */
  const keysOf =
    (...guests: Guest[]) =>
    (purpose: Purpose): TrialKey[] =>
      guests.flatMap(({ keys: { [purpose]: key } }) =>
        key === undefined ? [] : [{ kind: 'signed_out', key, expected: 403 }],
      )
  /** Statuses of what plays a share with the keys of a guest, and of its facts with their cookie. */
  const opens = async (id: string, { cookie, keys }: Guest): Promise<number[]> => {
    const asked = [
      { path: `/share/${id}/playback`, headers: { cookie } },
      { path: `/stream/${keys.stream ?? ''}/main.m3u8` },
      { path: `/download/${keys.download ?? ''}/film.mp4` },
      { path: `/poster/${keys.poster ?? ''}.jpg` },
    ]
    return Promise.all(asked.map(async (it) => (await guests.ask({ method: 'GET', ...it })).status))
  }

  it('S9: of a private share is shut behind a member who was removed, or got another password', async () => {
    const { id } = hidden
    const listeners = { apiUrl: matinee.api, shareUrl: matinee.shareBase, key: matinee.key }
    const removed = await signInNewMember(listeners, 'Removed', id)
    const changed = await signInNewMember(listeners, 'Changed', id)
    for (const it of [removed, changed]) expect(await opens(id, it)).toEqual([200, 200, 200, 200])
    await matinee.v1('DELETE', `/members/${removed.memberId}`)
    const body = { password: 'quite another password' }
    await matinee.v1('PUT', `/members/${changed.memberId}`, { body })
    for (const it of [removed, changed]) expect(await opens(id, it)).toEqual([401, 403, 403, 403])
    expect(await faultsOf(trialsOf({ id, bare: 401, keysFor: keysOf(removed, changed) }))).toEqual([])
  })

  it('of a share with a password opens by that alone, and shuts behind another one', async () => {
    const file = await matinee.addFile('Hidden crawl 4.mp4')
    const { id } = await matinee.share(file.id, { ...FACTS, password: 'the first password' })
    expect(await faultsOf(trialsOf({ id, bare: 401, keysFor: wrongKeys(id) }))).toEqual([])
    const guest = await unlockShare(matinee.shareBase, id, 'the first password')
    expect(await opens(id, guest)).toEqual([200, 200, 200, 200])
    // Of this share alone.
    const { cookie } = guest
    const path = `/share/${hidden.id}/playback`
    expect((await guests.ask({ method: 'GET', path, headers: { cookie } })).status).toBe(401)
    await matinee.v1('PUT', `/share/${id}`, { body: { password: 'another password' } })
    expect(await opens(id, guest)).toEqual([401, 403, 403, 403])
    expect(await faultsOf(trialsOf({ id, bare: 401, keysFor: keysOf(guest) }))).toEqual([])
  })

  it('is really tried: answers that leak are found', () => {
    const refusal = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
    const fault = (status: number, text: string, headers: object = {}): string | undefined =>
      faultOf({ expected: [401] }, { status, headers: { ...refusal, ...headers }, text }, SECRETS)
    expect(fault(401, '{}')).toBeUndefined()
    for (const leak of [
      fault(200, '{}'),
      fault(404, '{}'),
      fault(0, 'gone'),
      fault(401, `<title>${SECRETS[0] ?? ''}</title>`),
      fault(401, '{}', { 'content-disposition': "attachment; filename*=UTF-8''Hidden%20crawl.mp4" }),
      fault(401, '#EXTM3U'),
      fault(401, '{}', { 'content-type': 'video/mp4' }),
      fault(401, '{}', { 'cache-control': 'public' }),
    ])
      expect(leak).toEqual(expect.any(String))
    // One of each kind is tried for each purpose; a good key stands in none of them.
    for (const purpose of PURPOSES) {
      const keys = wrongKeys(hidden.id)(purpose)
      expect(new Set(keys.map((it) => it.kind)).size).toBe(7)
      expect(new Set(keys.map((it) => it.key)).size).toBe(keys.length)
    }
  })
})

describe('S15, S17, S18: every route of the private listener', () => {
  /** What anybody on this computer may load: the page's own files, and the page that tells how to sign in. */
  const OPEN = [/^(GET|HEAD) \/(assets|fonts)\/\S+$/, /^(GET|HEAD) \/$/]
  let routes: string[]
  beforeAll(async () => {
    const app = buildPrivateServer(silent())
    routes = await routesOf(app)
    await app.close()
  })

  /** An address of a route, with ids of things that are there. */
  const filled = (url: string): string =>
    url
      .replace(':id', url.includes('/share') ? hidden.id : hidden.file_id)
      .replace(':sid', randomUUID())
      .replace(':rendition', '0')
      .replace(/:\w+/g, 'main.m3u8')

  it('asks for the key, the host and the origin before anything else', async () => {
    const { host } = new URL(matinee.api)
    const key = `Bearer ${matinee.key}`
    const token = (hidden.stream_url ?? '').split('/')[4] ?? ''
    const cookie = await matinee.signIn()
    const [name = ''] = cookie.split('=')
    const refused: [expected: number[], headers: Record<string, string>][] = [
      [[401], {}],
      [[401], { authorization: 'Bearer wrong' }],
      [[401], { authorization: `Bearer ${token}` }],
      [[401], { authorization: `Bearer ${cookie.split('=')[1] ?? ''}` }],
      [[401], { cookie: `${name}=${token}` }],
      [[401], { cookie: `${name}=${matinee.key}` }],
      [[401], { cookie, authorization: 'Bearer wrong' }],
      [[403], { cookie, 'sec-fetch-site': 'same-site' }],
      [[403], { authorization: key, origin: 'https://evil.test' }],
      [[403], { authorization: key, origin: matinee.shareBase }],
      [[403], { authorization: key, origin: 'null' }],
      [[421], { authorization: key, host: 'evil.test' }],
      [[421], { authorization: key, host: `evil.test:${host.split(':')[1] ?? ''}` }],
    ]
    const guarded = routes.filter((route) => !OPEN.some((it) => it.test(route)))
    expect(guarded.length).toBeGreaterThan(60)
    const faults: string[] = []
    for (const route of guarded) {
      const [method = '', url = ''] = route.split(' ')
      for (const [expected, headers] of refused) {
        const answer = await owners.ask({ method, path: filled(url), headers })
        const fault = faultOf({ expected }, answer, SECRETS)
        if (fault) faults.push(`${route} ${JSON.stringify(headers)}: ${fault}`)
        if (Object.keys(answer.headers).some((it) => it.startsWith('access-control')))
          faults.push(`${route}: a CORS header`)
      }
    }
    expect(faults).toEqual([])
    // Nothing was changed by any of them.
    expect((await matinee.v1('GET', `/share/${hidden.id}`)).json.title).toBe(SECRETS[0])
  })

  it('S17: that changes something takes no cookie without its origin, and no method is let by', async () => {
    const cookie = await matinee.signIn()
    const changing = routes.filter((it) => /^(POST|PUT|PATCH|DELETE) \/v1\//.test(it))
    expect(changing.length).toBeGreaterThan(15)
    for (const route of changing) {
      const [method = '', url = ''] = route.split(' ')
      const { status } = await owners.ask({ method, path: filled(url), headers: { cookie } })
      expect(status, route).toBe(403)
    }
    for (const method of ['TRACE', 'PROPFIND', 'PURGE', 'SEARCH', 'MOVE']) {
      const answer = await owners.ask({ method, path: `/v1/share/${hidden.id}`, headers: { cookie } })
      expect([400, 403, 404, 405], method).toContain(answer.status)
      for (const secret of SECRETS) expect(answer.text).not.toContain(secret)
    }
  })
})
