import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { MOST_CARD_FILM_BYTES } from '../../../shared/card-film.ts'
import { createLog } from '../../base/log.ts'
import type { Playable } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { createStreams, type Streams } from '../streams.ts'
import { readPlayable, readTestMedia, testTools } from '../testing.ts'
import { createCardFilms, type CardFilms } from './card-films.ts'

const run = promisify(execFile)
const log = createLog({ level: 'silent' })
const never = new AbortController().signal

let dir: string
let tools: Tools
let streams: Streams
let films: CardFilms
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'matinee-cards-'))
  tools = await testTools()
  streams = createStreams({ tools, packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'clips'), log })
  films = createCardFilms({ tools, streams, log, dir: join(dir, 'cards') })
})
afterAll(async () => {
  await films.close()
  await streams.close()
  await rm(dir, { recursive: true })
})

/** Names of the boxes at the top of a file, in order (ISO/IEC 14496-12 section 4.2). */
async function boxesOf(path: string): Promise<string[]> {
  const bytes = await readFile(path)
  const names = []
  for (let at = 0; at + 8 <= bytes.length; at += Math.max(8, bytes.readUInt32BE(at))) {
    names.push(bytes.toString('latin1', at + 4, at + 8))
  }
  return names
}

/** What is made of a playable, and what it turned out to be. */
async function made(playable: Playable) {
  const path = await films.make(playable, never)
  expect(await films.find(playable)).toBe(path)
  const { media } = (await readPlayable(path)).playable
  expect((await stat(path)).size).toBeLessThanOrEqual(MOST_CARD_FILM_BYTES)
  const boxes = await boxesOf(path)
  expect(boxes.indexOf('moov')).toBeLessThan(boxes.indexOf('mdat'))
  return { path, media }
}

test('H.264 with AAC is copied, with its index in front', async () => {
  const { playable } = await readTestMedia('h264-aac-gop2.mp4')
  expect(await films.find(playable)).toBeNull()
  const { media } = await made(playable)
  const { width, height, codec } = media.video ?? {}
  expect({ width, height, codec }).toEqual({
    ...{ width: playable.media.video?.width, height: playable.media.video?.height },
    codec: 'avc',
  })
  expect(media.durationS).toBeCloseTo(playable.media.durationS, 0)
  // Copied: about as large as it was. A film of this size could have eight times as much.
  const { size } = await stat((await films.find(playable)) ?? '')
  expect(size / playable.identity.bytes).toBeGreaterThan(0.9)
  expect(size / playable.identity.bytes).toBeLessThan(1.1)
})

test.each(['h264-opus.mkv', 'h264-10bit.mp4'])(
  '%s, which not every chat plays, becomes H.264 of 8 bits with AAC',
  async (name) => {
    const { playable } = await readTestMedia(name)
    const { media } = await made(playable)
    expect(media.video).toMatchObject({ codec: 'avc', bitDepth: 8, chroma: '4:2:0' })
    expect(media.audio.map((it) => it.codec)).toEqual(['aac'])
    expect(media.durationS).toBeCloseTo(playable.media.durationS, 0)
  },
)

test('a window has a film of its own, of that stretch', async () => {
  const { playable } = await readTestMedia('h264-aac-gop2.mp4')
  const part = { ...playable, window: { startS: 1.5, endS: 4 } }
  const { media, path } = await made(part)
  expect(media.durationS).toBeCloseTo(2.5, 0)
  expect(path).not.toBe(await films.find(playable))
})

test('nothing that the file says of itself travels along, copied or encoded', async () => {
  const source = (await readTestMedia('h264-aac-gop2.mp4')).playable.path
  const words = ['SECRET-TITLE', 'SECRET-COMMENT', 'SECRET-TRACK', 'SECRET-HANDLER', '+47.5000+008.7000']
  const [title = '', comment = '', track = '', handler = '', place = ''] = words
  for (const [name, codec] of [
    ['copied', ['-c', 'copy']],
    ['encoded', ['-c:v', 'mpeg4', '-c:a', 'copy']],
  ] as const) {
    const tagged = join(dir, `SECRET-NAME ${name}.mov`)
    await run(tools.ffmpeg.path, [
      ...[
        '-v',
        'error',
        '-i',
        source,
        ...codec,
        '-metadata',
        `title=${title}`,
        '-metadata',
        `comment=${comment}`,
      ],
      ...[
        '-metadata',
        `location=${place}/`,
        '-metadata:s:v',
        `title=${track}`,
        '-metadata:s:a',
        `title=${track}`,
      ],
      ...['-metadata:s:v', `handler_name=${handler}`, '-metadata:s:a', `handler_name=${handler}`, tagged],
    ])
    const before = (await readFile(tagged)).toString('latin1')
    expect(words.filter((it) => before.includes(it)).length, name).toBeGreaterThan(3)
    const { path } = await made((await readPlayable(tagged)).playable)
    const after = (await readFile(path)).toString('latin1')
    expect(
      [...words, 'SECRET'].filter((it) => after.includes(it)),
      name,
    ).toEqual([])
  }
})

test('what is longer than a minute, or has no picture, gets none', async () => {
  const { playable } = await readTestMedia('h264-aac-gop2.mp4')
  const long = { ...playable, fingerprint: 'long', media: { ...playable.media, durationS: 61 } }
  await expect(films.make(long, never)).rejects.toMatchObject({ code: 'not_found' })
  const sound = (await readTestMedia('aac.m4a')).playable
  await expect(films.make(sound, never)).rejects.toMatchObject({ code: 'not_found' })
})

test('who leaves ends it, unless somebody else wants it too; nothing is left behind', async () => {
  const { playable } = await readTestMedia('vp9-opus.webm')
  const other = { ...playable, fingerprint: 'other' }
  const leaving = new AbortController()
  const left = films.make(other, leaving.signal)
  const stays = films.make(other, never)
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  expect(await stays).toContain('other')

  const alone = { ...playable, fingerprint: 'alone' }
  const last = new AbortController()
  const ended = films.make(alone, last.signal)
  await vi.waitFor(async () => expect((await readdir(join(dir, 'cards'))).join()).toContain('.tmp'))
  last.abort(new Error('gone'))
  await expect(ended).rejects.toThrow('gone')
  await vi.waitFor(async () => expect((await readdir(join(dir, 'cards'))).join()).not.toContain('.tmp'))
  expect(await films.find(alone)).toBeNull()
})

test('so many may wait, and no more', async () => {
  const { playable } = await readTestMedia('vp9-opus.webm')
  const leaving = new AbortController()
  const asked = Array.from({ length: 9 }, (_, at) =>
    films.make({ ...playable, fingerprint: `waiting ${at}` }, leaving.signal).catch((it: unknown) => it),
  )
  expect(await asked.at(-1)).toMatchObject({ code: 'busy' })
  leaving.abort(new Error('gone'))
  for (const it of asked.slice(0, -1)) expect(await it).toMatchObject({ message: 'gone' })
})

test('what cannot be made is not tried again; those of a content that is gone go with it', async () => {
  const { playable } = await readTestMedia('vp9-opus.webm')
  const broken = { ...playable, fingerprint: 'broken', media: { ...playable.media, demuxer: 'mov' } }
  await expect(films.make(broken, never)).rejects.toMatchObject({ code: 'unsupported_media' })
  await expect(films.make(broken, never)).rejects.toMatchObject({ code: 'not_found' })
  const path = await films.make(playable, never)
  await films.remove(playable.fingerprint)
  expect(await films.find(playable)).toBeNull()
  await expect(truncate(path)).rejects.toThrow('ENOENT')
})

test('what a killed process left half made goes before the next film is made', async () => {
  const left = join(dir, 'restarted', 'half-made.tmp')
  await mkdir(left, { recursive: true })
  await writeFile(join(left, 'film.mp4'), 'half')
  const restarted = createCardFilms({ tools, streams, log, dir: join(dir, 'restarted') })
  const path = await restarted.make((await readTestMedia('h264-aac-gop2.mp4')).playable, never)
  expect(await readdir(join(dir, 'restarted'))).toEqual([basename(path)])
  await restarted.close()
})
