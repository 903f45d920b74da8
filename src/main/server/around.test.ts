import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Playback, Share } from '../../shared/api/share.ts'
import { addTestMedia, cuesIn } from './testing-around.ts'
import { failure, startTestMatinee, call, type Answer, type TestMatinee } from './testing.ts'

/** The film is red, green and blue, 2 s each; the sound is loud while it is green. */
const GREEN = { start: 2, end: 4 }

let matinee: TestMatinee
let film: File
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  film = await add('around.mkv')
  share = await matinee.share(film.id)
})
afterAll(() => matinee.stop())

const add = (from: string, name?: string): Promise<File> => addTestMedia(matinee, from, name)
const fileOf = async (id: string): Promise<File> =>
  (await matinee.v1('GET', `/files/${id}`)).json as unknown as File
const playbackOf = async (id: string, query = ''): Promise<Playback> =>
  (await call('GET', matinee.at(`/share/${id}/playback${query}`))).json
/** Asks until it is made. */
const made = (url: string): Promise<Answer> =>
  vi.waitUntil(
    async () => {
      const answer = await call('GET', url)
      expect([200, 202], answer.text).toContain(answer.status)
      return answer.status === 200 ? answer : undefined
    },
    { timeout: 60_000, interval: 50 },
  )

describe('the answer of one file', () => {
  it('tells its chapters and its subtitles, in it and beside it', async () => {
    const { chapters, subtitles } = await fileOf(film.id)
    expect(chapters).toMatchObject([
      { start_time: 0, end_time: 3, title: 'Opening' },
      { start_time: 3, end_time: 7.5, title: 'Mitte & Ende; "so"' },
      { start_time: 7.5, title: 'Closing' },
    ])
    expect(subtitles).toMatchObject([
      { index: 0, name: 'English', language: 'en', source: 'embedded', kind: 'text' },
      { index: 1, language: 'de', source: 'embedded', kind: 'text' },
    ])
    const { json } = await matinee.v1('GET', '/files')
    expect(json.data[0]).not.toHaveProperty('chapters')
  })

  it('names pictures of text as what they are', async () => {
    const file = await add('around-pictures.mkv')
    expect(file.subtitles?.map((it) => it.kind)).toEqual(['picture', 'text'])
    const refused = await matinee.v1('GET', `/files/${file.id}/subtitles/0.vtt`)
    expect([refused.status, refused.json]).toEqual([404, failure('not_found')])
    expect((await matinee.v1('GET', `/files/${file.id}/subtitles/1.vtt`)).status).toBe(200)
  })

  it('follows what comes and goes beside the film', async () => {
    const file = await add('h264-aac-gop2.mp4', 'holiday.mp4')
    const beside = async (): Promise<unknown> =>
      (await fileOf(file.id)).subtitles?.map((it) => [it.name, it.language, it.forced])
    expect(await beside()).toBeUndefined()
    const put = (name: string): void => writeFileSync(join(matinee.folder, name), 'x')
    for (const name of ['holiday.de.forced.vtt', 'holiday.en.srt', 'holiday.ass']) put(name)
    // Those of other films, and of nothing that is a language.
    for (const name of ['holiday2.srt', 'holiday.private.srt', 'holiday.en.txt', 'other.srt']) put(name)
    expect(await beside()).toEqual([
      ['Track 1', undefined, false],
      ['Deutsch – Forced', 'de', true],
      ['English', 'en', false],
    ])
    renameSync(join(matinee.folder, 'holiday.en.srt'), join(matinee.folder, 'holiday.french.srt'))
    expect(await beside()).toEqual([
      ['Track 1', undefined, false],
      ['Deutsch – Forced', 'de', true],
      ['Français', 'fr', false],
    ])
  })
})

it('segments of a file can be its chapters', async () => {
  const { status, json, text } = await matinee.v1('POST', `/files/${film.id}/segmentations`, {
    body: { strategy: 'chapters' },
  })
  expect([status, json], text).toMatchObject([200, { total_segments: 3, criteria: 'chapters' }])
  const silent = await add('h264-silent.mp4')
  const refused = await matinee.v1('POST', `/files/${silent.id}/segmentations`, {
    body: { strategy: 'chapters' },
  })
  expect(refused.status).toBe(400)
})

describe('a share', () => {
  it('tells what is around its picture', async () => {
    const playback = await playbackOf(share.id)
    expect(playback.chapters?.map((it) => it.title)).toEqual(['Opening', 'Mitte & Ende; "so"', 'Closing'])
    expect(playback.subtitles).toMatchObject([
      { name: 'English', language: 'en', url: `/stream/${share.id}/s0/0.vtt` },
      { language: 'de', url: `/stream/${share.id}/s1/0.vtt` },
    ])
    expect(playback).toMatchObject({
      storyboard_url: `/stream/${share.id}/storyboard.vtt`,
      waveform_url: `/stream/${share.id}/waveform.json`,
    })
  })

  it('has its subtitles in the playlist, of the same names', async () => {
    const main = (await call('GET', matinee.stream(share.id))).text
    const names = [...main.matchAll(/TYPE=SUBTITLES,GROUP-ID="text",NAME="([^"]+)"/g)].map(([, name]) => name)
    expect(names).toEqual((await playbackOf(share.id)).subtitles?.map((it) => it.name))
    expect(main).toMatch(/#EXT-X-STREAM-INF:.*,SUBTITLES="text"/)
    const list = await call('GET', matinee.stream(share.id, 's0/media.m3u8'))
    const durations = [...list.text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, it]) => Number(it))
    expect(durations).toEqual([film.media_info.duration_seconds])
    const { text, headers } = await call('GET', matinee.stream(share.id, 's0/0.vtt'))
    expect(headers.get('content-type')).toBe('text/vtt; charset=utf-8')
    expect(text).toMatch(/^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:\d+,LOCAL:00:00:00.000\n\n/)
    expect(cuesIn(text).map((it) => it.text)).toEqual([
      '<i>Good morning</i> &amp; <b>welcome</b>',
      '&lt;script&gt;alert(1)&lt;/script&gt;\nSecond line',
      'Über den Wolken',
    ])
  })

  it('has the subtitles, chapters and times of a clip alone in that clip', async () => {
    const playback = await playbackOf(share.id, '?clip_start=4&clip_end=8')
    const [first] = playback.chapters ?? []
    expect(first).toMatchObject({ start_time: 0, end_time: 3.5, title: 'Mitte & Ende; "so"' })
    expect(playback.chapters).toMatchObject([{}, { start_time: 3.5, end_time: 4, title: 'Closing' }])
    const { text } = await call('GET', matinee.at(playback.subtitles?.[0]?.url ?? ''))
    expect(cuesIn(text)).toEqual([
      { times: '00:00:00.000 --> 00:00:01.021', text: '&lt;script&gt;alert(1)&lt;/script&gt;\nSecond line' },
      { times: '00:00:02.521 --> 00:00:04.000', text: 'Über den Wolken' },
    ])
    expect(text).not.toContain('morning')
  })

  it('has a storyboard, and a clip has one with its own pictures and no other', async () => {
    const colours = await add('colours.mp4')
    const { id } = await matinee.share(colours.id)
    const first = await call('GET', matinee.stream(id, 'storyboard.vtt'))
    expect([first.status, first.text]).toEqual([202, ''])
    expect(first.headers.get('cache-control')).toBe('no-store')
    const whole = await made(matinee.stream(id, 'storyboard.vtt'))
    expect(await shownIn(whole.text, id)).toEqual(['red', 'green', 'blue'])
    const { start, end } = GREEN
    const { storyboard_url: url = '' } = await playbackOf(id, `?clip_start=${start}&clip_end=${end}`)
    const part = await made(matinee.at(url))
    const token = url.split('/')[2] ?? ''
    expect(await shownIn(part.text, token)).toEqual(['green'])
    expect(cuesIn(part.text).at(0)?.times).toMatch(/^00:00:00.000 -->/)
    expect(cuesIn(part.text).at(-1)?.times).toMatch(/--> 00:00:02.000$/)
    // Behind the last sheet there is nothing.
    expect((await call('GET', matinee.stream(token, 'storyboard/1.jpg'))).status).toBe(404)
  })

  it('has a waveform, and a clip one of its own', async () => {
    const colours = (await matinee.v1('GET', '/files?q=colours')).json.data[0] as unknown as File
    const existing = (await matinee.v1('GET', `/share?file_id=${colours.id}`)).json.data[0]
    const id = existing?.id ?? ''
    const peaksAt = async (url: string): Promise<{ duration_seconds: number; peaks: number[] }> =>
      (await made(url)).json as unknown as { duration_seconds: number; peaks: number[] }
    const whole = await peaksAt(matinee.stream(id, 'waveform.json'))
    expect(whole.duration_seconds).toBeCloseTo(6, 1)
    const third = Math.floor(whole.peaks.length / 3)
    const loudest = (from: number, to: number): number => Math.max(...whole.peaks.slice(from, to))
    expect(loudest(third + 5, 2 * third - 5)).toBeGreaterThan(50)
    expect(loudest(0, third - 5)).toBeLessThan(5)
    const { waveform_url: url = '' } = await playbackOf(id, '?clip_start=0.2&clip_end=1.8')
    const quiet = await peaksAt(matinee.at(url))
    expect(quiet.duration_seconds).toBeCloseTo(1.6, 5)
    expect(Math.max(...quiet.peaks)).toBeLessThan(5)
  })

  it('of sound alone has no storyboard, and one without sound no waveform', async () => {
    const song = await matinee.share((await add('aac.m4a')).id)
    const silent = await matinee.share((await add('h264-silent.mp4')).id)
    expect(await playbackOf(song.id)).not.toHaveProperty('storyboard_url')
    expect(await playbackOf(silent.id)).not.toHaveProperty('waveform_url')
    for (const url of [
      matinee.stream(song.id, 'storyboard.vtt'),
      matinee.stream(song.id, 'storyboard/0.jpg'),
      matinee.stream(silent.id, 'waveform.json'),
    ]) {
      expect((await call('GET', url)).status, url).toBe(404)
    }
  })

  it('S35: has nothing at other names, and none leads out', async () => {
    for (const name of [
      ...['s0/1.vtt', 's0/0.m4s', 's9/media.m3u8', 's9/0.vtt', 's-1/0.vtt', 's00000/0.vtt', 's/0.vtt'],
      ...['storyboard/0.png', 'storyboard/..%2f0.jpg', 'storyboard/1e3.jpg', 'storyboard/', 'waveform.vtt'],
      ...['storyboard%2f0.jpg', 's0%2f0.vtt', '0/storyboard.vtt', 'subtitles/0.vtt'],
    ]) {
      const { status, text } = await call('GET', matinee.stream(share.id, name))
      expect([400, 404], `${name} ${text}`).toContain(status)
    }
    for (const name of ['..%2f0.vtt', '0.srt', '00.vtt', '1e0.vtt', '-1.vtt', '0.vtt%00']) {
      const { status } = await matinee.v1('GET', `/files/${film.id}/subtitles/${name}`)
      expect([400, 404], name).toContain(status)
    }
  })
})

describe('the owner', () => {
  it('sees a part of a file as its clip shows it', async () => {
    const { text } = await matinee.v1('GET', `/files/${film.id}/subtitles/0.vtt?start=4&end=8`)
    expect(cuesIn(text).map((it) => it.times)).toEqual([
      '00:00:00.000 --> 00:00:01.021',
      '00:00:02.521 --> 00:00:04.000',
    ])
    const query = '?start=2&end=4'
    const board = await matinee.untilMade(`/files/${film.id}/storyboard.vtt${query}`)
    const [address = ''] = /storyboard\S+jpg\S+/.exec(board.text) ?? []
    expect(address).toMatch(/^storyboard\/0\.jpg\?start=2&end=4#xywh=0,0,\d+,\d+$/)
    const sheet = await matinee.v1('GET', `/files/${film.id}/${address.split('#')[0]}`)
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect((await matinee.v1('GET', `/files/${film.id}/waveform?start=4`)).status).toBe(400)
  })

  it('S51: cannot put anything into a window but numbers', async () => {
    for (const value of ['-f', '1;2', '1|2', '[out]', 'movie=/etc/passwd', 'NaN', '1e999']) {
      for (const name of ['storyboard.vtt', 'waveform', 'subtitles/0.vtt']) {
        const query = `start=0&end=${encodeURIComponent(value)}`
        const { status } = await matinee.v1('GET', `/files/${film.id}/${name}?${query}`)
        expect(status, `${name} ${value}`).toBe(400)
      }
    }
  })
})

it('what was made of a content goes with the last file of it', async () => {
  const [one, other] = [await add('aac.m4a', 'one.m4a'), await add('aac.m4a', 'other.m4a')]
  await matinee.untilMade(`/files/${one.id}/waveform`)
  const dir = join(matinee.folder, 'data', 'cache', 'around')
  const { fingerprint } = matinee.store.files.byId(one.id) ?? {}
  const kept = (): string[] => readdirSync(dir).filter((it) => it.startsWith(`${fingerprint}-`))
  await matinee.v1('DELETE', `/files/${one.id}`)
  expect(kept()).toHaveLength(1)
  // The first test of the file may have added it too, under its own name.
  const { data } = (await matinee.v1('GET', '/files?q=aac')).json
  for (const { id } of [other, ...data]) await matinee.v1('DELETE', `/files/${id}`)
  await vi.waitUntil(() => kept().length === 0)
})

/** The colours that the tiles of a storyboard show, in order, each once. */
async function shownIn(text: string, key: string): Promise<string[]> {
  const shown: string[] = []
  for (const { text: address } of cuesIn(text)) {
    const [name = '', place = ''] = address.split('#xywh=')
    const bytes = await (await fetch(matinee.stream(key, name))).arrayBuffer()
    const [left = 0, top = 0, width = 0, height = 0] = place.split(',').map(Number)
    const tile = await sharp(Buffer.from(bytes)).extract({ left, top, width, height }).toBuffer()
    const { channels } = await sharp(tile).stats()
    const [red = 0, green = 0, blue = 0] = channels.map((it) => it.mean)
    const colour = red > 100 ? 'red' : green > 100 ? 'green' : blue > 100 ? 'blue' : 'none'
    if (shown.at(-1) !== colour) shown.push(colour)
  }
  return shown
}
