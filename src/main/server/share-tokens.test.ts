import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { Share } from '../../shared/api/share.ts'
import { SHARE_ROUTES, TOKEN_ROUTES } from './testing-share-routes.ts'
import { tokenOf as tokenFor, type TokenPurpose } from './testing-tokens.ts'
import { call, rawGet, startTestMatinee, statusOf, type Answer, type TestMatinee } from './testing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let matinee: TestMatinee
let one: Share
let other: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  const [first, second] = await Promise.all(
    ['one.mp4', 'other.mp4'].map((name) => matinee.addFile(name, { around: true })),
  )
  if (!first || !second) throw new Error('two files were added')
  one = await matinee.share(first.id, { visibility: 'private', link_preview: 'player' })
  other = await matinee.share(second.id, { visibility: 'private', link_preview: 'player' })
})
afterEach(() => vi.useRealTimers())
afterAll(() => matinee.stop())

const KINDS: readonly TokenPurpose[] = ['stream', 'download', 'poster', 'card_picture', 'card_film']

/** The token that was handed out with a share. */
const tokenOf = (share: Share, kind: TokenPurpose): string => tokenFor(matinee.secret, share, kind)
const get = (path: string): Promise<Answer> => call('GET', matinee.at(path))
/** Status of this very path: what fetch would tidy arrives untidied. */
const rawStatus = async (path: string): Promise<number> => statusOf(await rawGet(matinee.shareBase, path))

describe.each(TOKEN_ROUTES)('$name', ({ purpose, paths }) => {
  it('S2: takes a token for its own share alone', async () => {
    const [mine, others] = [tokenOf(one, purpose), tokenOf(other, purpose)]
    const [, claims = ''] = mine.split('.')
    const [, , foreign = ''] = others.split('.')
    for (const path of paths(`m1.${claims}.${foreign}`)) expect((await get(path)).status, path).toBe(403)
    // A good token beside the id of another share opens nothing of that one, wherever it stands.
    for (const path of paths(other.id)) {
      expect((await get(`${path}${path.includes('?') ? '&' : '?'}token=${mine}`)).status, path).toBe(401)
      const doubled = path.replace(other.id, `${other.id}/${mine}`)
      expect([401, 403, 404], doubled).toContain(await rawStatus(doubled))
    }
    const bytes = async (token: string): Promise<string[]> =>
      Promise.all(paths(token).map(async (path) => (await get(path)).headers.get('etag') ?? ''))
    if (purpose !== 'download') return
    expect(await bytes(mine)).not.toEqual(await bytes(others))
  })

  it('S3: takes no token that is for something else', async () => {
    for (const kind of KINDS) {
      for (const path of paths(tokenOf(one, kind))) {
        expect((await get(path)).status, `${kind} at ${path}`).toBe(kind === purpose ? 200 : 403)
      }
    }
  })

  it('S4: takes no token with a character of it changed, cut, doubled, or spelt otherwise', async () => {
    const token = tokenOf(one, purpose)
    const [prefix = '', claims = '', signed = ''] = token.split('.')
    const at = [0, 1, 2, 3, 10, claims.length, claims.length + 4, token.length - 2, token.length - 1]
    const flipped = at.map(
      (index) => token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1),
    )
    const spellings = [
      `${prefix}.${claims}`,
      `${prefix}.${claims}.`,
      `${prefix}..${signed}`,
      `..`.repeat(8),
      token + token,
      `${token}.${signed}`,
      `${token}=`,
      `${token}%3D`,
      `${token}%20`,
      token.replaceAll('.', '%2E'),
      `%6D${token.slice(1)}`,
      token.toUpperCase(),
      `${prefix}.${claims}.${Buffer.from(signed, 'base64url').toString('hex')}`,
      `${prefix}.${'A'.repeat(10_000)}.${signed}`,
    ]
    for (const bad of [...flipped, ...spellings]) {
      for (const path of paths(bad)) expect(await rawStatus(path), path.slice(0, 160)).toBe(403)
    }
    for (const path of paths(token)) expect(await rawStatus(path)).toBe(200)
  })

  it('S5: takes a token until its time, by the clock of the server', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { json } = await matinee.v1('GET', `/share/${one.id}`)
    const token = tokenOf(json as unknown as Share, purpose)
    const begin = Date.now()
    const statusAfter = async (passedMs: number): Promise<string> => {
      vi.setSystemTime(begin + passedMs)
      const statuses = new Set<number>()
      for (const path of paths(token)) statuses.add((await get(path)).status)
      return [...statuses].join()
    }
    if (purpose === 'download') {
      expect(await statusAfter(5 * MINUTE - 1000)).toBe('200')
      expect(await statusAfter(5 * MINUTE + 10_000)).toBe('403')
      expect(json.media_download_expires_at).toBeGreaterThanOrEqual(begin + 5 * MINUTE)
      expect(json.media_download_expires_at).toBeLessThan(begin + 5 * MINUTE + 10_000)
    } else if (purpose.startsWith('card_')) {
      // Chats fetch again what they showed long ago: it ends when its owner has it shown no more.
      expect(await statusAfter(365 * 24 * HOUR)).toBe('200')
    } else {
      expect(await statusAfter(11 * HOUR + 59 * MINUTE)).toBe('200')
      expect(await statusAfter(12 * HOUR + MINUTE)).toBe('403')
    }
  })

  it('S5: takes no token whose time was written over by hand', async () => {
    const [prefix, claims = '', signed] = tokenOf(one, purpose).split('.')
    const told = Buffer.from(claims, 'base64url').toString('utf8')
    const laters = purpose.startsWith('card_')
      ? [`${told}${Date.now() + 1e12}`, `${told}1`]
      : [told.replace(/\d+$/, String(Date.now() + 1e12)), told.replace(/\d+$/, '')]
    for (const later of laters) {
      expect(later).not.toBe(told)
      const forged = `${prefix}.${Buffer.from(later).toString('base64url')}.${signed}`
      for (const path of paths(forged)) expect((await get(path)).status, path).toBe(403)
    }
  })
})

describe('a token in the place of something else', () => {
  it('S3: opens neither the page, nor its facts, nor the API', async () => {
    const routes = Object.values(SHARE_ROUTES).filter((it) => it.purpose === null)
    expect(routes.length).toBeGreaterThan(0)
    for (const kind of KINDS) {
      const token = tokenOf(one, kind)
      for (const { method, paths, body } of routes) {
        for (const path of paths(token)) {
          const { status } = await call(method, matinee.at(path), body ? { body } : {})
          expect([403, 404], path).toContain(status)
        }
      }
      for (const path of ['/v1/share', `/v1/share/${one.id}`, '/v1/files']) {
        const headers = { authorization: `Bearer ${token}` }
        const refused = await call('GET', `${matinee.api}${path}`, { headers })
        expect([refused.status, refused.headers.get('www-authenticate')], path).toEqual([401, 'Bearer'])
      }
    }
  })
})

describe('S7: the playlist of a private share', () => {
  /** Addresses in a playlist, as RFC 8216 writes them: a line of its own, or an attribute. */
  const urisIn = (text: string): string[] =>
    text.split('\n').flatMap((line) => {
      const attribute = /\bURI="([^"]*)"/.exec(line)?.[1]
      if (attribute !== undefined) return [attribute]
      return line === '' || line.startsWith('#') ? [] : [line]
    })

  it.each(['h264-aac-gop2.mp4', 'h264-two-audio.mp4', 'aac.m4a', 'h264-aac.flv', 'around.mp4', 'around.mkv'])(
    'of %s names every part of it by where it lies, so that the token goes along, and nothing opens without it',
    async (name) => {
      const file = await matinee.v1('POST', '/files', { body: { path: testMedia(name) } })
      const made = await matinee.v1('POST', '/share', {
        body: { file_id: file.json.id, visibility: 'private' },
      })
      const share = await vi.waitUntil(
        async () => {
          const { json } = await matinee.v1('GET', `/share/${made.json.id}`)
          return json.status === 'completed' ? json : undefined
        },
        { timeout: 30_000, interval: 20 },
      )
      const main = share.stream_url ?? ''
      const token = main.split('/')[4] ?? ''
      const found = new Map<string, string>()
      const walk = async (url: string): Promise<void> => {
        if (found.has(url)) return
        const { status, text, headers } = await call('GET', url)
        expect(status, url).toBe(200)
        const type = headers.get('content-type') ?? ''
        found.set(url, type)
        if (type !== 'application/vnd.apple.mpegurl') return
        for (const uri of urisIn(text)) {
          expect(uri, 'relative').not.toMatch(/^\/|^[a-z]+:/i)
          expect(uri).not.toContain(token)
          await walk(new URL(uri, url).href)
        }
      }
      await walk(main)
      const playlists = [...found.values()].filter((it) => it === 'application/vnd.apple.mpegurl')
      expect(playlists.length).toBe(/two-audio|around/.test(name) ? 4 : 2)
      expect(found.size).toBeGreaterThan(playlists.length + 1)
      for (const url of found.keys()) {
        expect(url).toContain(`/stream/${token}/`)
        expect((await call('GET', url.replace(token, share.id))).status).toBe(401)
        expect((await call('GET', url.replace(`${token}/`, ''))).status).toBeGreaterThanOrEqual(400)
      }
    },
  )
})

it('a request that fails by a bug is logged without its token', async () => {
  const row = matinee.store.files.byId(other.file_id)
  if (!row) throw new Error('no such file')
  matinee.store.files.update({ ...row, packager: 'unheard-of' })
  const token = tokenOf(other, 'stream')
  expect((await get(`/stream/${token}/0/media.m3u8`)).status).toBe(500)
  await vi.waitUntil(() => matinee.log().includes('failed by a bug'))
  expect(matinee.log()).toContain('/stream/[token]/0/media.m3u8')
  for (const part of token.split('.').slice(1)) expect(matinee.log()).not.toContain(part)
})
