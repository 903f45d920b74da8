import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Share } from '../../shared/api/share.ts'
import { call, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  share = await matinee.share((await matinee.addFile('Ridge walk.mp4')).id)
})
afterAll(() => matinee.stop())

const oembed = (url: string, more = ''): Promise<Answer> =>
  call('GET', `${matinee.shareBase}/oembed?url=${encodeURIComponent(url)}${more}`)
type Embed = { html: string; width: number; height: number }
const embed = async (url: string, more = ''): Promise<Embed> =>
  (await oembed(url, more)).json as unknown as Embed

it('describes a public share as a video with the minimal frame, and keeps the start time', async () => {
  const answer = await oembed(`${share.share_url}?s=1m30s`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  expect(answer.json).toMatchObject({
    version: '1.0',
    type: 'video',
    provider_name: 'Matinee',
    title: 'Ridge walk',
    thumbnail_url: `${share.preview_url}?size=card`,
    thumbnail_width: 1200,
    thumbnail_height: 630,
  })
  const { html } = answer.json as unknown as Embed
  expect(html).toContain(` src="${share.share_url}?layout=minimal&amp;s=1m30s"`)
  expect((await embed(`${share.share_url}?s=nonsense`)).html).toContain('?layout=minimal"')
})

it('fits into what the consumer has room for', async () => {
  expect(await embed(share.share_url, '&maxwidth=400')).toMatchObject({ width: 400, height: 225 })
  expect(await embed(share.share_url, '&maxheight=90&maxwidth=400')).toMatchObject({
    width: 160,
    height: 90,
  })
})

it.each([
  ['', '', 404],
  ['not a url', '', 404],
  ['javascript:alert(1)', '', 404],
  ['https://else.test/', '', 404],
  ['https://else.test/share/x', '', 404],
  ['file:///share/x', '', 404],
])('answers for %j%s with %d', async (url, more, status) => {
  const answer = await oembed(url, more)
  expect(answer.status).toBe(status)
  expect(answer.json.code).toBe('not_found')
})

it('says clearly what it cannot read', async () => {
  const xml = await oembed(share.share_url, '&format=xml')
  expect(xml.status).toBe(400)
  expect(xml.json.error).toContain('JSON')
  for (const more of ['&maxwidth=x', '&maxwidth=0', '&maxheight=-5', '&maxwidth=1e99']) {
    expect((await oembed(share.share_url, more)).status, more).toBe(400)
  }
  expect((await call('GET', `${matinee.shareBase}/oembed`)).status).toBe(400)
})
