import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Thumbnail } from '../../shared/api/file.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterEach(() => vi.useRealTimers())
afterAll(() => matinee.stop())

const v1: TestMatinee['v1'] = (...it) => matinee.v1(...it)
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('files', () => {
  it('are registered by path, once however often, and come back as they are', async () => {
    const path = matinee.makeFile('registered.mp4')
    const made = await v1('POST', '/files', {
      body: { path, metadata: { tag: 'a', deep: { b: [1, null] } } },
    })
    expect(made.status).toBe(200)
    expect(made.json).toMatchObject({ object: 'file', path, filename: 'registered.mp4', source: 'local' })
    expect(made.json.id).toMatch(UUID_V4)
    expect(made.json.uri).toBe(`matinee://files/${made.json.id}`)
    expect(made.json.metadata).toEqual({ tag: 'a', deep: { b: [1, null] } })
    expect((await v1('POST', '/files', { body: { path } })).json.id).toBe(made.json.id)
    expect((await v1('GET', `/files/${made.json.id}`)).json.id).toBe(made.json.id)
  })

  it('are renamed and given metadata, each alone', async () => {
    const { id } = await matinee.addFile('rename.mp4')
    const renamed = await v1('PUT', `/files/${id}`, { body: { filename: 'Übung.mp4' } })
    expect(renamed.json).toMatchObject({ id, filename: 'Übung.mp4', metadata: null })
    const tagged = await v1('PUT', `/files/${id}`, { body: { metadata: { a: 1 } } })
    expect(tagged.json).toMatchObject({ filename: 'Übung.mp4', metadata: { a: 1 } })
    expect((await v1('PUT', `/files/${id}`, { body: { filename: '' } })).status).toBe(400)
    expect((await v1('PUT', `/files/${id}`, { body: { metadata: [] } })).status).toBe(400)
  })

  it('are forgotten, never deleted from the disk', async () => {
    const { id, path } = await matinee.addFile('forgotten.mp4')
    const share = await matinee.share(id)
    expect((await v1('DELETE', `/files/${id}`)).json).toEqual({ id, object: 'file' })
    expect((await v1('GET', `/files/${id}`)).status).toBe(404)
    expect((await v1('DELETE', `/files/${id}`)).status).toBe(404)
    expect((await v1('GET', `/share/${share.id}`)).status).toBe(404)
    expect((await v1('POST', '/files', { body: { path } })).status).toBe(200)
  })

  it('carry a tag, and are not sent again to who has them', async () => {
    const { id } = await matinee.addFile('tagged.mp4')
    const first = await v1('GET', `/files/${id}`)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]+"$/)
    const again = await v1('GET', `/files/${id}`, { headers: { 'if-none-match': etag } })
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
    await v1('PUT', `/files/${id}`, { body: { metadata: { changed: true } } })
    const changed = await v1('GET', `/files/${id}`, { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
  })
})

describe('shares', () => {
  it('are made, listed, changed, deleted and brought back', async () => {
    const file = await matinee.addFile('Holiday at sea.mp4')
    const made = await v1('POST', '/share', { body: { file_id: file.id } })
    expect(made.status).toBe(200)
    const { id } = made.json
    expect(made.json).toMatchObject({
      object: 'share',
      file_id: file.id,
      asset_type: 'file',
      title: 'Holiday at sea',
      visibility: 'public',
      link_preview: 'none',
      status: 'completed',
      share_url: `${matinee.shareBase}/share/${id}`,
      stream_url: `${matinee.shareBase}/stream/${id}/main.m3u8`,
      links: [{ reach: 'loopback', url: `${matinee.shareBase}/share/${id}` }],
      media_download_expires_at: null,
      view_count: 0,
      password_protected: false,
      keep_copy: false,
    })
    expect(id).toMatch(UUID_V4)
    const nulls = Object.entries(made.json).filter(([, value]) => value === null)
    expect(nulls.map(([name]) => name)).toEqual(['media_download_expires_at'])

    const again = await v1('POST', '/share', { body: { file_id: file.id } })
    expect(again.status).toBe(409)
    expect(again.json).toEqual({ ...failure('conflict'), share_id: id })

    const changed = await v1('PUT', `/share/${id}`, { body: { title: 'Sea', metadata: { a: 1 } } })
    expect(changed.json).toMatchObject({ title: 'Sea', metadata: { a: 1 } })
    const listed = await v1('GET', `/share?file_id=${file.id}&visibility=public&status=completed`)
    expect(listed.json.data).toEqual([changed.json])
    expect((await v1('GET', `/share?file_id=${file.id}&visibility=private`)).json.total).toBe(0)
    expect((await v1('GET', '/share?status=nonsense')).status).toBe(400)

    expect((await v1('DELETE', `/share/${id}`)).json).toEqual({ id, object: 'share' })
    expect((await v1('DELETE', `/share/${id}`)).status).toBe(404)
    expect((await v1('GET', `/share/${id}`)).status).toBe(404)
    expect((await v1('POST', `/share/${id}/restore`)).json).toEqual(changed.json)
    expect((await v1('POST', `/share/${id}/restore`)).status).toBe(404)
    await v1('DELETE', `/share/${id}`)
    await matinee.share(file.id)
    const taken = await v1('POST', `/share/${id}/restore`)
    expect(taken.status).toBe(409)
  })

  it('S11: keep their visibility', async () => {
    const file = await matinee.addFile('visibility.mp4')
    const hidden = await matinee.share(file.id, { visibility: 'private', title: 'Hidden' })
    const open = await matinee.share(file.id)
    for (const [id, same, other] of [
      [hidden.id, 'private', 'public'],
      [open.id, 'public', 'private'],
    ]) {
      const refused = await v1('PUT', `/share/${id}`, { body: { visibility: other, title: 'Changed' } })
      expect(refused.status).toBe(400)
      const kept = await v1('PUT', `/share/${id}`, { body: { visibility: same } })
      expect(kept.json).toMatchObject({ visibility: same })
      expect(kept.json.title).not.toBe('Changed')
    }
    const stream = await fetch(`${matinee.shareBase}/stream/${hidden.id}/main.m3u8`)
    expect(stream.status).toBe(401)
  })

  it('that are private stand beside the public one, with addresses that end', async () => {
    const file = await matinee.addFile('both.mp4')
    const open = await matinee.share(file.id)
    const before = Date.now()
    const made = await v1('POST', '/share', { body: { file_id: file.id, visibility: 'private' } })
    expect(made.status).toBe(200)
    expect(made.json).toMatchObject({
      visibility: 'private',
      status: 'completed',
      share_url: `${matinee.shareBase}/share/${made.json.id}`,
    })
    expect(made.json.id).not.toBe(open.id)
    const mediaUrls = [made.json.stream_url, made.json.media_download_url, made.json.preview_url]
    for (const url of mediaUrls) {
      expect(url).toMatch(/\/(stream|download|poster)\/m1\.[\w-]+\.[\w-]+/)
      expect((await fetch(url ?? '')).status).toBe(200)
    }
    const endsIn = (made.json.media_download_expires_at ?? 0) - before
    expect(endsIn).toBeGreaterThanOrEqual(5 * 60_000)
    expect(endsIn).toBeLessThan(5 * 60_000 + 60_000)

    const again = await v1('POST', '/share', { body: { file_id: file.id, visibility: 'private' } })
    expect([again.status, again.json]).toEqual([409, { ...failure('conflict'), share_id: made.json.id }])
    const listed = async (query: string): Promise<string[]> =>
      (await v1('GET', `/share?file_id=${file.id}${query}`)).json.data.map((it) => it.id)
    expect(await listed('&visibility=private')).toEqual([made.json.id])
    expect(await listed('&visibility=public')).toEqual([open.id])
    expect(await listed('')).toHaveLength(2)
  })

  it('of an unknown file are a 404, of a file that is gone a 410', async () => {
    const unknown = await v1('POST', '/share', { body: { file_id: randomUUID() } })
    expect([unknown.status, unknown.json]).toEqual([404, failure('not_found')])
    const file = await matinee.addFile('gone.mp4')
    rmSync(file.path)
    const gone = await v1('POST', '/share', { body: { file_id: file.id } })
    expect([gone.status, gone.json]).toEqual([410, failure('file_missing')])
  })

  it.each(['clip_start=1', 'clip_end=1', 'clip_start=2&clip_end=1', 'clip_start=abc', 'clip_start=Infinity'])(
    'with a clip window %s are a 400',
    async (query) => {
      const file = await matinee.addFile('clip.mp4')
      const { json } = await v1('GET', `/share?file_id=${file.id}`)
      const id = json.data[0]?.id ?? (await matinee.share(file.id)).id
      expect((await v1('GET', `/share/${id}?${query}`)).status).toBe(400)
    },
  )

  it('are given for another reach when there is one', async () => {
    const { id } = await matinee.share((await matinee.addFile('reach.mp4')).id)
    expect((await v1('GET', `/share/${id}?reach=loopback`)).status).toBe(200)
    expect((await v1('GET', `/share/${id}?reach=tunnel`)).status).toBe(400)
    expect((await v1('GET', `/share/${id}?reach=moon`)).status).toBe(400)
  })

  it.each(['public', 'private'])('that are %s carry a tag', async (visibility) => {
    const { id } = await matinee.share((await matinee.addFile(`tag-${visibility}.mp4`)).id, { visibility })
    // What is signed in one step is the same; only Date stands, or the next step could begin in between.
    vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / 10_000) * 10_000 + 1 })
    const etag = (await v1('GET', `/share/${id}`)).headers.get('etag') ?? ''
    vi.setSystemTime(Date.now() + 9_000)
    expect((await v1('GET', `/share/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
    await v1('PUT', `/share/${id}`, { body: { title: 'Other' } })
    expect((await v1('GET', `/share/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(200)
  })
})

describe('the pictures of a file', () => {
  it('are listed by type, page by page', async () => {
    const file = await matinee.addFile('pictures.mp4')
    const list = async (text: string): Promise<{ total: number; data: Thumbnail[] }> => {
      const { status, json } = await v1('GET', `/files/${file.id}/thumbnails${text}`)
      expect(status, text).toBe(200)
      return json as unknown as { total: number; data: Thumbnail[] }
    }
    const poster = { url: file.thumbnail_url, type: 'file', time: expect.any(Number) as number }
    for (const text of [
      '',
      '?type=file',
      '?type=segment,file',
      '?is_default=true',
      '?is_default=false&limit=1',
    ]) {
      expect(await list(text), text).toMatchObject({ total: 1, data: [poster] })
    }
    for (const text of ['?type=segment', '?type=keyframe,frame', '?segmentation_id=none']) {
      expect(await list(text), text).toMatchObject({ total: 0, data: [] })
    }
    expect(await list('?offset=1')).toMatchObject({ total: 1, data: [], offset: 1 })
    for (const text of [
      '?type=poster',
      '?type=',
      '?type=file,',
      '?type=FILE',
      '?is_default=maybe',
      '?limit=0',
    ]) {
      const refused = await v1('GET', `/files/${file.id}/thumbnails${text}`)
      expect(refused.status, text).toBe(400)
      expect(refused.json).toEqual(failure('bad_request'))
    }
    expect((await v1('GET', `/files/${file.id}/thumbnails?type=x`)).json.error).toBe(
      '"type" must be one or more of file, segment, keyframe, frame, with commas between them.',
    )
  })
})

describe('an ETag', () => {
  it.each(['/files', '/share'])('of %s saves sending again what the client has', async (path) => {
    const file = await matinee.addFile(`etag${path.slice(1)}.mp4`)
    const { id } = path === '/files' ? file : await matinee.share(file.id)
    const ask = (known?: string, method = 'GET') =>
      v1(method, `${path}/${id}`, known === undefined ? {} : { headers: { 'if-none-match': known } })
    const first = await ask()
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{22}"$/)
    for (const known of [etag, `W/${etag}`, '*', ` * `, `"x", ${etag}`, `"a,b",W/"y" , W/${etag}`]) {
      for (const method of ['GET', 'HEAD']) {
        const again = await ask(known, method)
        expect([again.status, again.text], `${method} ${known}`).toEqual([304, ''])
        expect(again.headers.get('etag')).toBe(etag)
      }
    }
    for (const known of ['"x"', etag.slice(1, -1), `"${etag.slice(2)}`, '', ',', 'W/', `"*"`]) {
      expect((await ask(known)).status, known).toBe(200)
    }
    const head = await ask(undefined, 'HEAD')
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag])
    const changes = path === '/files' ? { filename: 'other.mp4' } : { title: 'Other' }
    await v1('PUT', `${path}/${id}`, { body: changes })
    const changed = await ask(etag)
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
    await v1('DELETE', `${path}/${id}`)
    const gone = await ask('*')
    expect([gone.status, gone.headers.get('etag')]).toEqual([404, null])
  })
})
