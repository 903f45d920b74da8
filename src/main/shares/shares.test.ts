import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ErrorCode } from '../../shared/api/error.ts'
import type { EngineEvent } from '../../shared/events.ts'
import { AppError } from '../base/errors.ts'
import type { Store } from '../store/store.ts'
import { aFile, aShare } from '../store/testing.ts'
import type { SharesDeps } from './deps.ts'
import { createShares, type Shares } from './shares.ts'
import { startNeighbours, TEST_SECRET, type TestNeighbours } from './testing.ts'
import { signToken } from './token.ts'

let neighbours: TestNeighbours
let store: Store
let shares: Shares
let events: EngineEvent[]
let clock: number
let deps: SharesDeps

beforeEach(() => {
  clock = 1_700_000_000_000
  neighbours = startNeighbours(() => clock)
  ;({ store, events, deps } = neighbours)
  shares = createShares(deps)
})
afterEach(() => {
  shares.close()
  neighbours.close()
})

/** Starts the service anew with other neighbours, as a restart would. */
function restartWith(over: Partial<SharesDeps>): void {
  shares.close()
  shares = createShares({ ...deps, ...over })
}

const refused = (code: ErrorCode) => expect.objectContaining({ code }) as Error
const put = (over: Parameters<typeof aFile>[0] = {}): string => {
  const file = aFile(over)
  store.files.insert(file)
  return file.id
}

test('a share of a readable file is completed at once, with its addresses on the best base', async () => {
  const fileId = put({ filename: 'Été 100%.mp4', poster: 'made' })
  const share = await shares.create({ file_id: fileId, metadata: { a: 1 } })
  expect(share).toMatchObject({
    object: 'share',
    status: 'completed',
    title: 'Été 100%',
    visibility: 'public',
    link_preview: 'none',
    share_url: `https://video.example.org/share/${share.id}`,
    stream_url: `https://video.example.org/stream/${share.id}/main.m3u8`,
    preview_url: `https://video.example.org/poster/${share.id}.jpg`,
    media_download_url: `https://video.example.org/download/${share.id}/%C3%89t%C3%A9%20100%25.mp4`,
    media_download_expires_at: null,
    duration_seconds: 120,
    view_count: 0,
  })
  expect(share.links.map((it) => it.reach)).toEqual(['domain', 'loopback'])
  expect(Object.values(share).filter((it) => it === null)).toHaveLength(1)
  expect(shares.get(share.id, { reach: 'loopback' }).share_url).toBe(
    `http://127.0.0.1:4401/share/${share.id}`,
  )
  expect(() => shares.get(share.id, { reach: 'lan' })).toThrow(refused('bad_request'))
})

test('S12: ids of shares are random UUIDs of version 4', async () => {
  const ids = await Promise.all(
    Array.from({ length: 200 }, async () => (await shares.create({ file_id: put() })).id),
  )
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids.map((it) => it.slice(0, 8))).size).toBe(200)
})

test('a second share of a file is a conflict that names the first', async () => {
  const fileId = put()
  const first = await shares.create({ file_id: fileId })
  const second = await shares.create({ file_id: fileId }).catch((it: unknown) => it)
  expect(second).toMatchObject({ code: 'conflict', extra: { share_id: first.id } })
  const both = await Promise.allSettled(
    [1, 2].map(() => shares.create({ file_id: put({ id: randomUUID() }) })),
  )
  expect(both.map((it) => it.status)).toEqual(['fulfilled', 'fulfilled'])
})

test('what cannot be shared is refused with the reason', async () => {
  const create = (body: object) => shares.create({ file_id: put(), ...body })
  await expect(create({ file_id: 'nope' })).rejects.toThrow(refused('not_found'))
  await expect(create({ file_segment_id: randomUUID() })).rejects.toThrow(refused('not_found'))
  await expect(create({ password: 'x', visibility: 'private' })).rejects.toThrow(refused('bad_request'))
  await expect(create({ expires_at: clock })).rejects.toThrow(refused('bad_request'))
  await expect(create({ metadata: { big: 'x'.repeat(70_000) } })).rejects.toThrow(refused('bad_request'))
  const failed = put({ status: 'failed', failure: { code: 'unreadable', message: 'The file is cut off.' } })
  await expect(create({ file_id: failed })).rejects.toThrow('The file is cut off.')
  const hevc = put({ packager: null, delivery: 'transcode', deliveryReason: 'The picture is HEVC.' })
  await expect(create({ file_id: hevc })).rejects.toThrow('The picture is HEVC.')
  restartWith({ checkSource: () => Promise.reject(new AppError('file_missing', 'gone')) })
  await expect(create({})).rejects.toThrow(refused('file_missing'))
  expect(store.shares.list({ limit: 1, offset: 0 }).total).toBe(0)
})

test('a share of a file that is still being read waits for it, and only goes forward', async () => {
  const good = aFile({ status: 'pending', packager: null, media: null })
  const bad = aFile({ status: 'processing', packager: null, media: null })
  for (const file of [good, bad]) store.files.insert(file)
  const [one, two] = await Promise.all([
    shares.create({ file_id: good.id }),
    shares.create({ file_id: bad.id }),
  ])
  expect([one.status, two.status]).toEqual(['pending', 'pending'])
  expect(one.stream_url).toBeUndefined()
  store.files.update({ ...good, status: 'completed', packager: 'remux' })
  store.files.update({ ...bad, status: 'failed', failure: { code: 'unreadable', message: 'cut off' } })
  shares.fileSettled(good.id)
  shares.fileSettled(bad.id)
  await vi.waitUntil(() => shares.get(one.id, {}).status === 'completed')
  await vi.waitUntil(() => shares.get(two.id, {}).status === 'failed')
  expect(shares.get(two.id, {}).failure).toEqual({ code: 'unsupported_media', message: 'cut off' })
  store.files.update({ ...good, status: 'failed', failure: { code: 'x', message: 'later' } })
  shares.fileSettled(good.id)
  expect(shares.get(one.id, {}).status).toBe('completed')
})

test('public and private shares of a file stand side by side, one of each', async () => {
  const fileId = put()
  const open = await shares.create({ file_id: fileId })
  const hidden = await shares.create({ file_id: fileId, visibility: 'private' })
  expect([open.visibility, hidden.visibility]).toEqual(['public', 'private'])
  const again = shares.create({ file_id: fileId, visibility: 'private' })
  await expect(again).rejects.toMatchObject({ code: 'conflict', extra: { share_id: hidden.id } })
  const ids = (query: object): string[] =>
    shares.list({ limit: 50, offset: 0, ...query }).data.map((it) => it.id)
  expect(ids({ visibility: 'private' })).toEqual([hidden.id])
  expect(ids({ visibility: 'public' })).toEqual([open.id])
  shares.remove(hidden.id)
  expect((await shares.create({ file_id: fileId, visibility: 'private' })).id).not.toBe(hidden.id)
  expect(() => shares.restore(hidden.id)).toThrow(refused('conflict'))
})

test('a private share has addresses of its own media once there is something to play', async () => {
  const gate = Promise.withResolvers<undefined>()
  restartWith({ isReady: async () => false, prepare: () => gate.promise })
  const { id } = await shares.create({ file_id: put({ poster: 'made' }), visibility: 'private' })
  await vi.waitUntil(() => shares.get(id, {}).status === 'processing')
  const waiting = shares.get(id, {})
  expect(waiting).not.toHaveProperty('stream_url')
  expect(waiting).not.toHaveProperty('media_download_url')
  expect(waiting.media_download_expires_at).toBeNull()
  gate.resolve(undefined)
  await vi.waitUntil(() => shares.get(id, {}).status === 'completed')
  const share = shares.get(id, {})
  expect(share.share_url).toBe(`https://video.example.org/share/${id}`)
  expect(share.stream_url).toMatch(/^https:\/\/video\.example\.org\/stream\/m1\.[\w-]+\.[\w-]+\/main\.m3u8$/)
  expect(share.media_download_url).toMatch(/\/download\/m1\.[\w.-]+\/Ridge%20walk\.mp4$/)
  expect(share.preview_url).toMatch(/\/poster\/m1\.[\w.-]+\.jpg$/)
  const token = share.stream_url?.split('/')[4] ?? ''
  expect(shares.open(token, 'stream').share.id).toBe(id)
  clock += 12 * 60 * 60_000 + 60_000
  expect(() => shares.open(token, 'stream')).toThrow(refused('forbidden'))
})

test('S11: visibility never changes, the same value is ignored', async () => {
  const { id } = await shares.create({ file_id: put() })
  await expect(shares.update(id, { visibility: 'private' })).rejects.toThrow(refused('bad_request'))
  const changed = await shares.update(id, {
    visibility: 'public',
    title: 'New',
    metadata: { b: 2 },
    link_preview: 'full',
  })
  expect(changed).toMatchObject({
    visibility: 'public',
    title: 'New',
    metadata: { b: 2 },
    link_preview: 'full',
  })
  expect((await shares.update(id, { metadata: { c: 3 } })).metadata).toEqual({ c: 3 })
  expect(shares.get(id, {}).title).toBe('New')
  const hidden = await shares.create({ file_id: put(), visibility: 'private' })
  await expect(shares.update(hidden.id, { visibility: 'public' })).rejects.toThrow(refused('bad_request'))
  expect((await shares.update(hidden.id, { visibility: 'private', title: 'Kept' })).visibility).toBe(
    'private',
  )
})

test('S9: a deleted share is unknown to every door, also to a token handed out before', async () => {
  const fileId = put()
  const { id } = await shares.create({ file_id: fileId })
  const token = signToken(TEST_SECRET, { shareId: id, purpose: 'stream', window: null, expiresAt: null })
  expect(shares.open(token, 'stream').fileId).toBe(fileId)
  shares.remove(id)
  for (const door of [
    () => shares.open(token, 'stream'),
    () => shares.open(id, 'stream'),
    () => shares.get(id, {}),
    () => shares.remove(id),
    () => shares.countView(id, randomUUID()),
  ]) {
    expect(door).toThrow(refused('not_found'))
  }
  await expect(shares.playback(id)).rejects.toEqual(refused('not_found'))
  await expect(shares.update(id, { title: 'x' })).rejects.toEqual(refused('not_found'))
  expect(events.at(-1)).toEqual({ type: 'share.deleted', id })
})

test('a deleted share comes back within 30 s under the same id, unless the pair was taken', async () => {
  const fileId = put()
  const { id } = await shares.create({ file_id: fileId })
  expect(() => shares.restore(id)).toThrow(refused('not_found'))
  shares.remove(id)
  clock += 29_000
  expect(shares.restore(id)).toMatchObject({ id, status: 'completed' })
  shares.remove(id)
  const second = await shares.create({ file_id: fileId })
  expect(() => shares.restore(id)).toThrow(
    expect.objectContaining({ code: 'conflict', extra: { share_id: second.id } }),
  )
  shares.remove(second.id)
  clock += 30_001
  expect(() => shares.restore(id)).toThrow(refused('not_found'))
})

test('S1: a private share does not open by its bare id', () => {
  const fileId = put()
  const share = aShare(fileId, { visibility: 'private' })
  store.shares.insert(share)
  for (const purpose of ['page', 'stream', 'download', 'poster'] as const) {
    expect(() => shares.open(share.id, purpose)).toThrow(refused('sign_in_required'))
  }
})

test('after its time a share answers expired', async () => {
  const { id } = await shares.create({ file_id: put(), expires_at: clock + 1000 })
  expect(shares.open(id, 'page').share.id).toBe(id)
  clock += 1000
  expect(() => shares.open(id, 'page')).toThrow(refused('expired'))
  expect(shares.get(id, {}).expires_at).toBe(clock)
})

test('a viewer counts once in 30 minutes', async () => {
  const { id } = await shares.create({ file_id: put() })
  const [one, two] = [randomUUID(), randomUUID()]
  for (const session of [one, one, two]) shares.countView(id, session)
  expect(shares.get(id, {}).view_count).toBe(2)
  clock += 30 * 60_000
  shares.countView(id, one)
  expect(shares.get(id, {}).view_count).toBe(3)
  expect(() => shares.countView(id, '<script>')).toThrow(refused('bad_request'))
})

test('lists are filtered and paged, newest first; dates are UTC days', async () => {
  const day = Date.UTC(2026, 10, 24)
  for (const offset of [-1, 0, 1]) {
    clock = day + offset
    await shares.create({ file_id: put(), title: String(offset) })
  }
  const titles = (query: object): (string | undefined)[] =>
    shares.list({ limit: 50, offset: 0, ...query }).data.map((it) => it.title)
  expect(titles({})).toEqual(['1', '0', '-1'])
  expect(titles({ created_after: '2026-11-24' })).toEqual(['1', '0'])
  expect(titles({ created_before: '2026-11-24' })).toEqual(['-1'])
  expect(titles({ limit: 1, offset: 1 })).toEqual(['0'])
  expect(titles({ visibility: 'private' })).toEqual([])
  expect(() => titles({ created_after: '2026-02-31' })).toThrow(refused('bad_request'))
})
