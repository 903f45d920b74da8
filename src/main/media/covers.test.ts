import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { lookInto } from './look.ts'
import { calm, temporaryDir } from './testing.ts'
import { createThumbnails, type Thumbnails } from './thumbnails.ts'
import { resolveTools, type Tools } from './tools.ts'

const pathOf = (id: string): string => (createRequire(import.meta.url)(id) as { path: string }).path
const current = await resolveTools(process.env)
/** The programs that come by npm alone. */
const old = await resolveTools({
  ...process.env,
  FFMPEG_PATH: pathOf('@ffmpeg-installer/ffmpeg'),
  FFPROBE_PATH: pathOf('@ffprobe-installer/ffprobe'),
})

async function poster(path: string, tools: Tools): Promise<{ made: boolean; thumbnails: Thumbnails }> {
  const thumbnails = createThumbnails({ tools, dir: join(temporaryDir(), 'pictures') })
  const { media } = await lookInto(path, tools, calm)
  expect(media.video).toBeNull()
  return { made: await thumbnails.make({ fingerprint: 'it', path, media }, calm), thumbnails }
}

describe.each([
  ['this ffmpeg', current],
  ['the old ffmpeg', old],
])('with %s', (_, tools) => {
  const COVERS: [name: string, size: string][] = [
    ['mp3-vbr.mp3', '64x64'],
    ['flac-cover.flac', '64x64'],
    ['cover.m4a', '300x200'],
    ['cover.mkv', '300x200'],
    ['cover.ogg', '64x48'],
  ]
  it.each(COVERS.filter(([name]) => hasTestMedia(name)))(
    'the poster of %s is its cover, as large as it is',
    async (name, size) => {
      const { made, thumbnails } = await poster(testMedia(name), tools)
      expect(made).toBe(true)
      const { width, height } = await sharp(await thumbnails.find('it', 'poster')).metadata()
      expect(`${width}x${height}`).toBe(size)
    },
  )

  it('S54: a cover of 900 megapixels is none', async () => {
    expect((await poster(testMedia('cover-bomb.flac'), tools)).made).toBe(false)
    // It is for its size alone that it is refused.
    expect((await poster(testMedia('cover-png.flac'), tools)).made).toBe(true)
  })
})
