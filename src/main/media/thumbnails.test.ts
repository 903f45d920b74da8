import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import { calm, readMedia, temporaryDir } from './testing.ts'
import { withCover } from './testing-hostile.ts'
import { createThumbnails, type Thumbnails } from './thumbnails.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)

/** Makes the poster of a file under the fingerprint `it`. */
async function makePoster(path: string): Promise<{ thumbnails: Thumbnails; dir: string; made: boolean }> {
  const dir = join(temporaryDir(), 'thumbnails')
  const thumbnails = createThumbnails({ tools, dir })
  const media = await readMedia(path, tools)
  return { thumbnails, dir, made: await thumbnails.make({ fingerprint: 'it', path, media }, calm) }
}

async function sizeOf(path: string): Promise<string> {
  const { format, width, height, orientation } = await sharp(path).metadata()
  return `${format} ${width}x${height} ${orientation ?? 1}`
}

/** Mean difference of two pictures' samples, 0..255, compared at one size. */
async function difference(a: Sharp, b: Sharp): Promise<number> {
  const raw = (it: Sharp): Promise<Buffer> =>
    it.resize(90, 160, { fit: 'fill' }).removeAlpha().raw().toBuffer()
  const [one, other] = await Promise.all([raw(a), raw(b)])
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length
}

describe('the poster', () => {
  const SIZES: [name: string, size: string][] = [
    ['h264-aac-gop2.mp4', 'jpeg 320x180 1'],
    ['h264-editlist.mp4', 'jpeg 640x360 1'],
    ['h264-10bit.mp4', 'jpeg 320x180 1'],
    ['hevc-aac.mp4', 'jpeg 320x180 1'],
    ['vp9-opus.webm', 'jpeg 320x180 1'],
    ['h264-aac.ts', 'jpeg 320x180 1'],
    ['mpeg4-mp3.avi', 'jpeg 320x180 1'],
    ['h264-anamorphic.mp4', 'jpeg 428x180 1'],
    ['h264-rotated.mp4', 'jpeg 180x320 1'],
  ]
  test.each(SIZES.filter(([name]) => hasTestMedia(name)))('of %s is a %s', async (name, size) => {
    const { thumbnails, made } = await makePoster(testMedia(name))
    expect(made).toBe(true)
    expect(await sizeOf(await thumbnails.find('it', 'poster'))).toBe(size)
  })

  test('of a film that was turned shows the picture turned the same way', async () => {
    const upright = await makePoster(testMedia('h264-rotated.mp4'))
    const lying = await makePoster(testMedia('h264-aac-gop2.mp4'))
    const turned = sharp(await upright.thumbnails.find('it', 'poster'))
    const original = await lying.thumbnails.find('it', 'poster')
    expect(await difference(turned, sharp(original).rotate(90))).toBeLessThan(5)
    expect(await difference(turned, sharp(original).rotate(270))).toBeGreaterThan(20)
  })

  test('is taken at a key frame, without decoding the GOP up to the time', async () => {
    // A tenth of 20 s is 2 s, in a GOP that began at 0: the poster is one of its first 12 frames.
    const path = testMedia('h264-aac-gop10.mp4')
    const { thumbnails } = await makePoster(path)
    const at = (timeS: string): Promise<Buffer> =>
      runFfmpeg(
        tools,
        composeFfmpeg(
          { path, demuxer: 'mov' },
          { options: ['-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe'], target: '-' },
          ['-ss', timeS],
        ),
        { timeoutMs: 60_000 },
      )
    const poster = await thumbnails.find('it', 'poster')
    const near = await difference(sharp(poster), sharp(await at('0.2')))
    const far = await difference(sharp(poster), sharp(await at('2')))
    expect(near).toBeLessThan(far / 2)
  })

  test('of a film that begins black is taken from further in', async () => {
    const { thumbnails } = await makePoster(testMedia('h264-black-start.mp4'))
    const { channels } = await sharp(await thumbnails.find('it', 'poster')).stats()
    expect(Math.max(...channels.map((it) => it.mean))).toBeGreaterThan(40)
  })

  test('of a sound file without a cover is none', async () => {
    const { thumbnails, made, dir } = await makePoster(testMedia('aac.m4a'))
    expect(made).toBe(false)
    await expect(thumbnails.find('it', 'poster')).rejects.toMatchObject({ code: 'not_found' })
    await expect(thumbnails.find('it', 'card')).rejects.toMatchObject({ code: 'not_found' })
    expect(() => readdirSync(dir)).toThrow('ENOENT')
  })

  test.runIf(hasTestMedia('mp3.mp3'))(
    'of a sound file with a cover is the cover, no larger than it must be',
    async () => {
      const cover = await sharp({ create: { width: 2000, height: 2000, channels: 3, background: '#c04020' } })
        .png()
        .toBuffer()
      const path = join(temporaryDir(), 'song.mp3')
      writeFileSync(path, withCover(readFileSync(testMedia('mp3.mp3')), cover))
      const { thumbnails, made } = await makePoster(path)
      expect(made).toBe(true)
      const poster = await thumbnails.find('it', 'poster')
      expect(await sizeOf(poster)).toBe('jpeg 1280x1280 1')
      const [red, green, blue] = (await sharp(poster).stats()).channels.map((it) => Math.round(it.mean))
      expect([red, green, blue].map((it) => Math.round((it ?? 0) / 16))).toEqual([12, 4, 2])
    },
  )

  test.runIf(hasTestMedia('mp3.mp3'))(
    'S54: a cover of 100 megapixels is none, a broken one neither',
    async () => {
      const bomb = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#000' } })
        .png({ compressionLevel: 9 })
        .toBuffer()
      for (const cover of [bomb, Buffer.from('\x89PNG\r\n\x1a\n and no more', 'latin1')]) {
        const path = join(temporaryDir(), 'song.mp3')
        writeFileSync(path, withCover(readFileSync(testMedia('mp3.mp3')), cover))
        expect((await makePoster(path)).made).toBe(false)
      }
    },
  )

  test('that nobody waits for any more is not made', async () => {
    const path = testMedia('h264-aac-gop10.mp4')
    const dir = join(temporaryDir(), 'thumbnails')
    const thumbnails = createThumbnails({ tools, dir })
    const media = await readMedia(path, tools)
    const left = new Error('left')
    const making = thumbnails.make({ fingerprint: 'it', path, media }, AbortSignal.abort(left))
    await expect(making).rejects.toBe(left)
    expect(() => readdirSync(dir)).toThrow('ENOENT')
  })

  test('is gone after removal, with its card', async () => {
    const { thumbnails, dir } = await makePoster(testMedia('h264-silent.mp4'))
    await thumbnails.find('it', 'card')
    await thumbnails.remove('it')
    expect(readdirSync(dir)).toEqual([])
    await expect(thumbnails.find('it', 'poster')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the card', () => {
  test.each(['h264-aac-gop2.mp4', 'h264-rotated.mp4', 'h264-anamorphic.mp4'])(
    'of %s is 1200 x 630, however the film is shaped, and small enough to be fetched by a chat',
    async (name) => {
      const { thumbnails } = await makePoster(testMedia(name))
      const card = await thumbnails.find('it', 'card')
      expect(await sizeOf(card)).toBe('jpeg 1200x630 1')
      expect(readFileSync(card).length).toBeLessThan(300_000)
    },
  )

  test('shows the whole picture in its middle, undistorted', async () => {
    const { thumbnails } = await makePoster(testMedia('h264-rotated.mp4'))
    const poster = sharp(await thumbnails.find('it', 'poster'))
    // 180 x 320 fits into 1200 x 630 as 354 x 630.
    const middle = sharp(await thumbnails.find('it', 'card')).extract({
      left: 423,
      top: 0,
      width: 354,
      height: 630,
    })
    expect(await difference(sharp(await middle.toBuffer()), poster)).toBeLessThan(6)
  })

  test('is made once: asked for by many at a time it is whole for each, and nothing else is left', async () => {
    const { thumbnails, dir } = await makePoster(testMedia('h264-silent.mp4'))
    const paths = await Promise.all(Array.from({ length: 4 }, () => thumbnails.find('it', 'card')))
    expect(new Set(paths).size).toBe(1)
    expect(await sizeOf(paths[0] ?? '')).toBe('jpeg 1200x630 1')
    expect(readdirSync(dir).sort()).toEqual(['it-card.jpg', 'it-poster.jpg'])
  })
})
