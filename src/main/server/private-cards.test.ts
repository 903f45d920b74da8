import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { tokenOf } from './testing-tokens.ts'
import { unescapeHtml } from './testing-texts.ts'
import { call, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'

const CHAT = { 'user-agent': 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)' }
const TOLD = /Hidden summit|Up there|og:|oembed|canonical/

let matinee: TestMatinee
let file: File
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('summit.mp4')
  share = await matinee.share(file.id, {
    ...{ visibility: 'private', title: 'Hidden summit', description: 'Up there' },
  })
})
beforeEach(() => show('none'))
afterAll(() => matinee.stop())

const put = (id: string, body: object): Promise<Answer> => matinee.v1('PUT', `/share/${id}`, { body })
const show = (choice: string): Promise<Answer> => put(share.id, { link_preview: choice })
const page = (id: string, query = '', headers: Record<string, string> = CHAT): Promise<Answer> =>
  call('GET', matinee.at(`/share/${id}${query}`), { headers })

/** The tags of a page by name. */
function tagsOf({ text }: Answer): Record<string, string> {
  const tags = text.matchAll(/<meta (?:property|name)="([^"]*)" content="([^"]*)">/g)
  return Object.fromEntries([...tags].map(([, name = '', content = '']) => [name, unescapeHtml(content)]))
}
const told = async (id = share.id, query = ''): Promise<Record<string, string>> => {
  const answer = await page(id, query)
  expect(answer.status, answer.text).toBe(200)
  return tagsOf(answer)
}
/** The tags that a chat is told once a film has been made; the first who asks may be too early on a busy machine. */
const toldWithFilm = async (id = share.id, query = ''): Promise<Record<string, string>> => {
  await expect.poll(() => told(id, query), { timeout: 20_000 }).toHaveProperty('og:video')
  return told(id, query)
}
const status = async (url = ''): Promise<number> => (await call('GET', url)).status

/** Width and height in the frame header of a JPEG (ITU-T T.81 section B.2.2). */
async function sizeOfJpeg(url: string): Promise<{ width: number; height: number }> {
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer())
  let at = 2
  while (![0xc0, 0xc2].includes(bytes.readUInt8(at + 1))) at += 2 + bytes.readUInt16BE(at + 2)
  return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
}

describe('the card of a private share', () => {
  it('S1: that shows none tells a chat what it tells everybody: to sign in', async () => {
    const answer = await page(share.id)
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('Sign in to watch')
    expect(answer.text).not.toMatch(TOLD)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    for (const purpose of ['card_picture', 'card_film'] as const) {
      const path = purpose === 'card_film' ? 'card-film/KEY.mp4' : 'card-picture/KEY.jpg'
      const key = tokenOf(matinee.secret, share, purpose)
      expect(await status(matinee.at(`/${path.replace('KEY', key)}`))).toBe(403)
    }
  })

  it('S1: that shows something shows it to chats alone: people are asked to sign in', async () => {
    await show('player')
    const person = await page(share.id, '', { 'user-agent': 'Mozilla/5.0 Firefox/140.0' })
    expect([person.status, TOLD.test(person.text)]).toEqual([401, false])
    const chat = await page(share.id, '?s=2')
    expect(chat.status).toBe(200)
    expect(chat.headers.get('cache-control')).toBe('no-store')
    expect(chat.headers.get('x-frame-options')).toBe('DENY')
    expect(chat.headers.getSetCookie()).toEqual([])
    // Whoever reads that page as a person can do what everybody can.
    expect(chat.text).toContain(`<input type="hidden" name="return_to" value="/share/${share.id}?s=2">`)
    expect(chat.text).not.toMatch(/\/stream\/|\/download\/|\/poster\/|summit\.mp4/)
  })

  it('"full" shows title, description and one picture', async () => {
    await show('full')
    const tags = await told()
    expect(tags).toMatchObject({
      'og:title': 'Hidden summit',
      'og:description': 'Up there',
      'og:url': share.share_url,
      'og:image:type': 'image/jpeg',
      'twitter:card': 'summary_large_image',
    })
    expect(tags).not.toHaveProperty('og:video')
    expect(await sizeOfJpeg(tags['og:image'] ?? '')).toEqual({ width: 1200, height: 630 })
    const film = tokenOf(matinee.secret, share, 'card_film')
    expect(await status(matinee.at(`/card-film/${film}.mp4`))).toBe(403)
  })

  it('"player" has its film as well, which is sent in parts and kept by nobody', async () => {
    await show('player')
    const tags = await toldWithFilm()
    expect(tags).toMatchObject({ 'og:video:type': 'video/mp4', 'og:video:width': '320' })
    const film = tags['og:video'] ?? ''
    const { headers, status } = await call('GET', film, { headers: { range: 'bytes=4-7' } })
    expect(status).toBe(206)
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('content-type')).toBe('video/mp4')
    expect(headers.get('content-disposition')).toBeNull()
    const again = await call('GET', film, { headers: { 'if-none-match': headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    // The rest is for members.
    expect((await page(share.id)).text).not.toMatch(/oembed|twitter:player"/)
    expect(await statusAt(`/oembed?url=${encodeURIComponent(share.share_url)}`)).toBe(401)
  })

  it('ends at once when its owner has less of it shown', async () => {
    await show('player')
    const { 'og:video': film, 'og:image': picture } = await toldWithFilm()
    expect([await status(film), await status(picture)]).toEqual([200, 200])
    await show('full')
    expect([await status(film), await status(picture), (await page(share.id)).status]).toEqual([
      403, 200, 200,
    ])
    await show('none')
    expect([await status(film), await status(picture), (await page(share.id)).status]).toEqual([
      403, 403, 401,
    ])
  })

  it('S9: goes with its share, and ends with it', async () => {
    const other = await matinee.addFile('other summit.mp4')
    const { id } = await matinee.share(other.id, { visibility: 'private', link_preview: 'player' })
    const { 'og:video': film, 'og:image': picture } = await toldWithFilm(id)
    const answers = async () => [await status(film), await status(picture), (await page(id)).status]
    await matinee.v1('DELETE', `/share/${id}`)
    expect(await answers()).toEqual([404, 404, 404])
    await matinee.v1('POST', `/share/${id}/restore`)
    expect(await answers()).toEqual([200, 200, 200])
    const row = matinee.store.shares.byId(id)
    if (row) matinee.store.shares.update({ ...row, expiresAt: Date.now() - 1 })
    expect(await answers()).toEqual([410, 410, 410])
  })

  it('is of all of it: a stranger chooses no moment, or would have the whole film by and by', async () => {
    await show('player')
    const whole = await toldWithFilm()
    const moment = await told(share.id, '?s=1&e=3')
    for (const name of ['og:image', 'og:video']) expect(moment[name]).toBe(whole[name])
  })

  it('has no film where the share is longer than a minute, whatever moment is asked for', async () => {
    const long = await matinee.addFile('long summit.mp4')
    lengthen(long.id)
    const { id } = await matinee.share(long.id, { visibility: 'private', link_preview: 'player' })
    for (const query of ['', '?s=1&e=3', '?s=1&e=3&clip=hard']) {
      expect(await told(id, query)).not.toHaveProperty('og:video')
    }
  })
})

const statusAt = (path: string): Promise<number> => status(matinee.at(path))

/** Makes a film look longer than it is: two minutes of test media would take as long as all other tests. */
function lengthen(fileId: string): void {
  const row = matinee.store.files.byId(fileId)
  if (!row?.media) throw new Error('the file has not been read')
  matinee.store.files.update({ ...row, media: { ...row.media, durationS: 120 } })
}

describe('the card of a public share', () => {
  it('has a small film once that is made, for whoever reads the page', async () => {
    const { id } = await matinee.share(file.id)
    const { 'og:video': film = '' } = await toldWithFilm(id)
    expect(film).toBe(matinee.at(`/card-film/${id}.mp4`))
    expect(tagsOf(await page(id, '', {}))['og:video']).toBe(film)
    const { status, headers } = await call('HEAD', film)
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, no-cache'])
    expect(Number(headers.get('content-length'))).toBeLessThanOrEqual(8_000_000)
  })

  it('is made before the first chat asks', async () => {
    const { id } = await matinee.share((await matinee.addFile('ready.mp4')).id)
    const asPerson = async () => tagsOf(await page(id, '', {}))['og:video'] ?? ''
    await expect.poll(asPerson, { timeout: 20_000 }).toContain('/card-film/')
  })

  it('of a link to a moment has a picture and a film of that moment, also in a long film', async () => {
    const long = await matinee.addFile('long walk.mp4')
    lengthen(long.id)
    const { id } = await matinee.share(long.id)
    expect((await told(id))['og:video']).not.toContain('/card-film/')
    expect(await status(matinee.at(`/card-film/${id}.mp4`))).toBe(404)
    const tags = await (async () => {
      const film = async () => (await told(id, '?s=1&e=3'))['og:video'] ?? ''
      await expect.poll(film, { timeout: 20_000 }).toContain('/card-film/m1.')
      return told(id, '?s=1&e=3')
    })()
    expect(tags['og:url']).toBe(`${matinee.shareBase}/share/${id}?s=1&e=3`)
    expect(await sizeOfJpeg(tags['og:image'] ?? '')).toEqual({ width: 1200, height: 630 })
    expect(await status(tags['og:video'])).toBe(200)
    await put(id, { password: 'a word' })
    expect([await status(tags['og:video']), await status(tags['og:image'])]).toEqual([403, 403])
  })

  it('S1: with a password tells a chat nothing', async () => {
    const locked = await matinee.addFile('locked summit.mp4')
    const { id } = await matinee.share(locked.id, {
      ...{ title: 'Hidden summit', description: 'Up there', password: 'a word', link_preview: 'player' },
    })
    const answer = await page(id)
    expect([answer.status, TOLD.test(answer.text)]).toEqual([401, false])
  })
})
