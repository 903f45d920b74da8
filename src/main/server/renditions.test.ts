import { afterAll, beforeAll, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { call, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let file: File
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('Two languages.mp4', { from: 'h264-two-audio.mp4' })
  share = await matinee.share(file.id)
})
afterAll(() => matinee.stop())

it('the file names its tracks of sound, the playback answer the renditions to choose from', async () => {
  const [german, english] = file.media_info.audio_tracks
  expect(german).toEqual({
    name: 'Deutsch – Kommentar',
    language: 'de',
    codec: 'AAC',
    channels: 2,
    default: false,
    streamed: true,
  })
  expect(english).toMatchObject({ name: 'English', language: 'en', default: true })
  // What is said of the sound as a whole is that of the default track.
  expect(file.media_info.sample_rate).toBe(44_100)

  const { text } = await call('GET', matinee.at(`/share/${share.id}/playback`))
  expect(JSON.parse(text)).toHaveProperty('renditions', [
    { kind: 'audio', language: 'de', name: 'Deutsch – Kommentar', default: false },
    { kind: 'audio', language: 'en', name: 'English', default: true },
  ])
})

it('the playlist offers renditions of the same names, and each is served', async () => {
  const main = (await call('GET', matinee.stream(share.id))).text
  const offered = [...main.matchAll(/NAME="([^"]+)".*URI="([^"]+)"/g)].map(([, name, uri]) => [name, uri])
  expect(offered).toEqual([
    ['Deutsch – Kommentar', '1/media.m3u8'],
    ['English', '2/media.m3u8'],
  ])
  for (const rendition of ['0', '1', '2']) {
    for (const name of ['media.m3u8', 'init.mp4', '0.m4s', '2.m4s']) {
      const { status } = await call('HEAD', matinee.stream(share.id, `${rendition}/${name}`))
      expect(status, `${rendition}/${name}`).toBe(200)
    }
  }
})

it('S35: what no rendition has is not found, in whatever form it is asked for', async () => {
  for (const path of ['3/media.m3u8', '0/3.m4s', '1/3.m4s', '1/0.mp3', '01/0.m4s', '-1/0.m4s', '1/00.m4s']) {
    const { status } = await call('GET', matinee.stream(share.id, path))
    expect(status, path).toBe(404)
  }
})
