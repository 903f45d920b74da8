import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { FACTS_ELEMENT_ID, type ShareFacts } from '../../shared/share-facts.ts'
import { call, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'
import { HOSTILE_TEXTS, unescapeHtml } from './testing-texts.ts'

let matinee: TestMatinee
let file: File
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('Ridge walk.mp4')
  share = await matinee.share(file.id, { description: 'The whole ridge' })
})
afterAll(() => matinee.stop())

const page = (id: string, query = '', headers = {}): Promise<Answer> =>
  call('GET', `${matinee.shareBase}/share/${id}${query}`, { headers })
const oembed = (url: string, more = ''): Promise<Answer> =>
  call('GET', `${matinee.shareBase}/oembed?url=${encodeURIComponent(url)}${more}`)
const factsIn = ({ text }: Answer): ShareFacts => {
  const block = new RegExp(`<script type="application/json" id="${FACTS_ELEMENT_ID}">(.*?)</script>`, 's')
  return JSON.parse(block.exec(text)?.[1] ?? '') as ShareFacts
}
/** Changes a row in a way that the API does not offer. */
const alter = (id: string, changes: object): void => {
  const row = matinee.store.shares.byId(id)
  if (!row) throw new Error('no such share')
  matinee.store.shares.update({ ...row, ...changes })
}

describe('the page of a public share', () => {
  it('says what is shared, how to play it, and where its picture is', async () => {
    const answer = await page(share.id)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.text).toContain('<title>Ridge walk</title>')
    expect(answer.text).toContain('<h1>Ridge walk</h1>')
    expect(answer.text).toContain('The whole ridge')
    expect(answer.text).toContain(`<meta property="og:image" content="${share.preview_url}?size=card">`)
    expect(answer.text).toContain('<meta name="robots" content="noindex">')
    expect(answer.text).toContain('<script type="module" src="/assets/share-d4.js"></script>')
    expect(answer.text).toContain(`<noscript><video controls`)
    expect(factsIn(answer)).toMatchObject({
      id: share.id,
      title: 'Ridge walk',
      shareUrl: share.share_url,
      minimal: false,
      playback: { status: 'completed', stream_url: `/stream/${share.id}/main.m3u8` },
    })
  })

  it('S22: allows nothing inline and nothing from elsewhere, and has nothing inline itself', async () => {
    for (const query of ['', '?layout=minimal']) {
      const { headers, text } = await page(share.id, query)
      const policy = new Map(
        (headers.get('content-security-policy') ?? '')
          .split('; ')
          .map((it) => [it.split(' ', 1)[0], it.split(' ').slice(1).join(' ')]),
      )
      expect(policy.get('default-src')).toBe("'none'")
      expect(policy.get('script-src')).toBe("'self'")
      expect(policy.get('style-src')).toBe("'self'")
      expect(policy.get('media-src')).toBe("'self' blob:")
      expect(policy.get('worker-src')).toBe("'self' blob:")
      expect(policy.get('base-uri')).toBe("'none'")
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*.*src/)
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/)
      for (const [tag = ''] of text.matchAll(/<script\b[^>]*>/g)) {
        expect(tag).toMatch(/ src="\/assets\/|type="application\/json"/)
      }
    }
  })

  it('S23: only its minimal layout may stand in a frame', async () => {
    for (const query of ['', '?layout=', '?layout=full', '?layout=minimal&layout=x', '?s=5']) {
      const { headers } = await page(share.id, query)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-frame-options')).toBe('DENY')
    }
    const { headers, text } = await page(share.id, '?s=5&layout=minimal')
    expect(headers.get('content-security-policy')).toContain('frame-ancestors *')
    expect(headers.get('x-frame-options')).toBeNull()
    expect(text).not.toContain('Download')
  })

  it.each(['?s=abc', '?s=-1', '?s=1&s=2', '?s[]=1', '?layout[x]=1', '?s=%00', '?%', '?s=%ff'])(
    'a query of %s is ignored, never an error',
    async (query) => {
      expect((await page(share.id, query)).status).toBe(200)
    },
  )

  it('S28: says its type and nothing about the server', async () => {
    for (const { headers } of [
      await page(share.id),
      await page(randomUUID()),
      await oembed(share.share_url),
    ]) {
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('server')).toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })

  it('loads the files of the share page and no others, compressed, kept for good', async () => {
    const asset = (path: string) => call('GET', `${matinee.shareBase}${path}`)
    const script = await asset('/assets/share-d4.js')
    expect(script.status).toBe(200)
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await asset('/assets/shared-c3.js')).status).toBe(200)
    for (const path of [
      '/assets/manager-a1.js',
      '/assets/stray.js',
      '/assets/',
      '/share.html',
      '/.vite/manifest.json',
      '/assets/..%2f.vite%2fmanifest.json',
    ]) {
      expect((await asset(path)).status, path).toBe(404)
    }
  })
})

describe('S20: a title and description that try to be more than text', () => {
  it.each(HOSTILE_TEXTS.filter((it) => !it.includes('\0')))('%j', async (text) => {
    await matinee.v1('PUT', `/share/${share.id}`, { body: { title: text, description: text } })
    try {
      for (const query of ['', '?layout=minimal']) {
        const answer = await page(share.id, query)
        expect(unescapeHtml(/<h1[^>]*>(.*?)<\/h1>/s.exec(answer.text)?.[1] ?? '')).toBe(text)
        expect(unescapeHtml(/<title>(.*?)<\/title>/s.exec(answer.text)?.[1] ?? '')).toBe(text)
        expect(factsIn(answer).title).toBe(text)
        // Our own tags and no more: what the text brings along has become text.
        expect(answer.text.match(/<img /g)).toHaveLength(1)
        expect(answer.text.match(/<script/g)).toHaveLength(2)
      }
      const answer = (await oembed(share.share_url)).json as unknown as { title: string; html: string }
      expect(answer.title).toBe(text)
      expect(answer.html.match(/[<>]/g)).toEqual(['<', '>', '<', '>'])
      expect(unescapeHtml(/ title="([^"]*)"/.exec(answer.html)?.[1] ?? '')).toBe(text)
    } finally {
      await matinee.v1('PUT', `/share/${share.id}`, { body: { title: 'Ridge walk', description: '' } })
    }
  })
})

describe('a share that cannot be shown', () => {
  const framed = '?layout=minimal'

  it('S1: is private: a page that says so and nothing else of it', async () => {
    const { id } = await matinee.share(file.id, {
      visibility: 'private',
      title: 'Nobody may read this title',
    })
    for (const query of ['', framed]) {
      const { status, text, headers } = await page(id, query)
      expect(status).toBe(401)
      expect(text).toContain('Sign in to watch')
      expect(text.match(/<script[^>]*>/g)).toEqual([
        '<script type="module" src="/assets/show-password-f6.js">',
      ])
      // The form leads back to the address that was asked for.
      const told = text.replace(`value="/share/${id}${query}"`, '')
      for (const secret of ['Nobody', 'Ridge', id, 'og:', 'poster']) expect(told).not.toContain(secret)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-frame-options')).toBe('DENY')
    }
    const answer = await oembed(`${matinee.shareBase}/share/${id}`)
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain('Nobody')
  })

  it('S9: is deleted: the page of a link that never was', async () => {
    const other = await matinee.share((await matinee.addFile('deleted.mp4')).id)
    await matinee.v1('DELETE', `/share/${other.id}`)
    const unknown = await page(randomUUID())
    expect(unknown.status).toBe(404)
    expect(unknown.text).toContain('This link leads nowhere')
    for (const id of [other.id, 'x', '%00', 'm1.abc.def', '..%2f', share.id.toUpperCase()]) {
      const answer = await page(id, framed)
      expect(answer.status, id).toBe(404)
      expect(answer.text).toBe(unknown.text)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
    }
    expect((await oembed(`${matinee.shareBase}/share/${other.id}`)).status).toBe(404)
  })

  it('has expired, or its file is gone: two pages with 410', async () => {
    const other = await matinee.addFile('gone.mp4')
    const { id } = await matinee.share(other.id)
    rmSync(other.path)
    const missing = await page(id)
    expect(missing.status).toBe(410)
    expect(missing.text).toContain('It can’t be played right now')
    expect(missing.text).not.toContain('gone')
    // Who embedded it is told in the frame.
    const inFrame = await page(id, framed)
    expect(inFrame.status).toBe(410)
    expect(inFrame.headers.get('content-security-policy')).toContain('frame-ancestors *')

    alter(id, { expiresAt: Date.now() - 1 })
    const expired = await page(id)
    expect(expired.status).toBe(410)
    expect(expired.text).toContain('This link has expired')
    expect((await oembed(`${matinee.shareBase}/share/${id}`)).status).toBe(410)
  })

  it('is not ready, or failed: its page with what is known, and nothing to play', async () => {
    const file = matinee.store.files.byId((await matinee.addFile('later.mp4')).id)
    if (!file) throw new Error('no such file')
    const { id } = await matinee.share(file.id)
    alter(id, { status: 'processing' })
    matinee.store.files.update({ ...file, packager: 'packaged' })
    const processing = await page(id)
    expect(processing.status).toBe(200)
    expect(processing.text).toContain('It plays here by itself.')
    expect(processing.text).toContain('<noscript><meta http-equiv="refresh"')
    expect(processing.text).toContain('id="actions" hidden')
    expect(factsIn(processing).playback).not.toHaveProperty('stream_url')

    // What is converted plays meanwhile.
    matinee.store.files.update({ ...file, packager: 'transcode' })
    const meanwhile = await page(id)
    expect(meanwhile.text).not.toContain('It plays here by itself.')
    expect(meanwhile.text).not.toContain('http-equiv="refresh"')
    expect(meanwhile.text).toContain('<noscript><video controls')
    expect(meanwhile.text).toContain('id="actions" hidden')
    expect(factsIn(meanwhile).playback).toMatchObject({
      status: 'processing',
      stream_url: `/stream/${id}/main.m3u8`,
    })

    alter(id, { status: 'failed', failure: { code: 'unsupported_media', message: 'It is <broken>.' } })
    const failed = await page(id)
    expect(failed.status).toBe(200)
    expect(failed.text).toContain('It is &lt;broken&gt;.')
    expect(failed.text).not.toContain('http-equiv="refresh"')
  })
})

it('a file that was put back plays again under the same link', async () => {
  const other = await matinee.addFile('back.mp4')
  const { id } = await matinee.share(other.id)
  const bytes = readFileSync(other.path)
  const { atime, mtime } = statSync(other.path)
  rmSync(other.path)
  expect((await page(id)).status).toBe(410)
  writeFileSync(other.path, bytes)
  utimesSync(other.path, atime, mtime)
  await expect.poll(async () => (await page(id)).status).toBe(200)
})
