import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { createDiskCache } from '../base/disk-cache.ts'
import type { Cue } from './cues.ts'
import { lookInto } from './look.ts'
import { createSubtitles } from './subtitles.ts'
import { calm, temporaryDir } from './testing.ts'
import { resolveTools, type Tools } from './tools.ts'

const pathOf = (id: string): string => (createRequire(import.meta.url)(id) as { path: string }).path
const tools = await resolveTools(process.env)
/** The programs that come by npm alone. */
const old = await resolveTools({
  ...process.env,
  FFMPEG_PATH: pathOf('@ffmpeg-installer/ffmpeg'),
  FFPROBE_PATH: pathOf('@ffprobe-installer/ffprobe'),
})

/** A file by itself, so that nothing lies beside it. */
async function open(name: string, by: Tools = tools) {
  const dir = temporaryDir()
  const path = join(dir, name)
  copyFileSync(testMedia(name), path)
  const { media, fingerprint } = await lookInto(path, by, calm)
  const subtitles = createSubtitles({
    tools: by,
    cache: createDiskCache({ dir: join(dir, 'cache'), maxBytes: 1e6, nameOf: (key) => key }),
  })
  const film = { path, media, fingerprint, startS: 0 }
  return { subtitles, film, cues: (index: number): Promise<Cue[]> => subtitles.cues(film, index, calm) }
}

/** What the file of subtitles says, as WebVTT. */
const ENGLISH: Cue[] = [
  { startS: 1, endS: 2.5, text: '<i>Good morning</i> &amp; <b>welcome</b>' },
  { startS: 3, endS: 5, text: '&lt;script&gt;alert(1)&lt;/script&gt;\nSecond line' },
  { startS: 6.5, endS: 9, text: 'Über den Wolken' },
]
/** Without bold and italics; to a tenth of a second, for a container may move all of it by the priming of its sound. */
const plain = (cues: readonly Cue[]): string[] =>
  cues.map(
    ({ startS, endS, text }) => `${startS.toFixed(1)}-${endS.toFixed(1)} ${text.replace(/<\/?[biu]>/g, '')}`,
  )

describe.each([
  ['this ffmpeg', tools],
  ['the old ffmpeg', old],
])('with %s', (_, by) => {
  it.each(['around.mp4', 'around.mkv'])('the subtitles in %s are named and read', async (name) => {
    const { subtitles, film, cues } = await open(name, by)
    const found = await subtitles.list(film)
    expect(found).toMatchObject([
      { index: 0, name: 'English', language: 'en', source: 'embedded', isText: true, isForced: false },
      { index: 1, language: 'de', source: 'embedded', isText: true },
    ])
    const [first, second, third] = plain(await cues(0))
    expect([first, third]).toEqual([plain(ENGLISH)[0], plain(ENGLISH)[2]])
    // What made the MP4 has thrown the strange tag away.
    expect(second).toBe(name.endsWith('mkv') ? plain(ENGLISH)[1] : '3.0-5.0 alert(1)\nSecond line')
    // And it has made text of a drawing.
    const german = (await cues(1)).map((it) => it.text).filter((it) => !it.startsWith('m 0 0'))
    expect(german).toEqual(['Guten Morgen, alle\nzusammen', 'Das Ende'])
  })

  it.runIf(hasTestMedia('around.webm'))('WebVTT in WebM is read', async () => {
    const { subtitles, film, cues } = await open('around.webm', by)
    expect(await subtitles.list(film)).toMatchObject([{ name: 'Français', language: 'fr', isText: true }])
    expect(plain(await cues(0))[2]).toBe(plain(ENGLISH)[2])
  })

  it('pictures of text are named and left out', async () => {
    const { subtitles, film, cues } = await open('around-pictures.mkv', by)
    expect(await subtitles.list(film)).toMatchObject([{ isText: false }, { isText: true, language: 'en' }])
    await expect(cues(0)).rejects.toMatchObject({ code: 'not_found' })
    expect(plain(await cues(1))[0]).toBe(plain(ENGLISH)[0])
  })
})

test('subtitles of a container are read once, and there are none of another number', async () => {
  const { subtitles, film, cues } = await open('around.mkv')
  const first = await cues(0)
  // What is kept needs no source.
  expect(await subtitles.cues({ ...film, path: '/nowhere/film.mkv' }, 0, calm)).toEqual(first)
  for (const index of [2, -1, 0.5]) await expect(cues(index)).rejects.toMatchObject({ code: 'not_found' })
})

test('a presentation that begins later takes its subtitles along', async () => {
  const { subtitles, film } = await open('around.mp4')
  expect(plain(await subtitles.cues({ ...film, startS: 2 }, 0, calm))).toEqual([
    '0.0-0.5 Good morning &amp; welcome',
    '1.0-3.0 alert(1)\nSecond line',
    '4.5-7.0 Über den Wolken',
  ])
})

test.each(['around.mp4', 'around.mkv', 'cover.m4a'])('the chapters in %s are found', async (name) => {
  const { film } = await open(name)
  const chapters = film.media.chapters ?? []
  expect(chapters.map(({ startS, endS, title }) => [startS, Math.round(endS * 10) / 10, title])).toEqual([
    [0, 3, 'Opening'],
    [3, 7.5, 'Mitte & Ende; "so"'],
    [7.5, 10, 'Closing'],
  ])
})
