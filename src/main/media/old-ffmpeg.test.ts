import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import { calm, oldTools, readMedia, temporaryDir } from './testing.ts'
import { createThumbnails } from './thumbnails.ts'

const tools = await oldTools()

const FILES: [name: string, codec: string, poster: string][] = [
  ['h264-aac-gop10.mp4', 'avc', '640x360'],
  ['h264-rotated.mp4', 'avc', '180x320'],
  ['h264-10bit.mp4', 'avc', '320x180'],
  ['h264-aac.flv', 'avc', '320x180'],
  ['h264-aac.ts', 'avc', '320x180'],
  ['mpeg4-mp3.avi', 'mpeg4', '320x180'],
  ['vp9-opus.webm', 'vp9', '320x180'],
  ['hevc-aac.mp4', 'hevc', '320x180'],
]

test.each(FILES.filter(([name]) => hasTestMedia(name)))(
  'the old ffmpeg reads %s and makes its poster',
  async (name, codec, size) => {
    const path = testMedia(name)
    const media = await readMedia(path, tools)
    expect(media.video?.codec).toBe(codec)
    const thumbnails = createThumbnails({ tools, dir: join(temporaryDir(), 'thumbnails') })
    expect(await thumbnails.make({ fingerprint: 'it', path, media }, calm)).toBe(true)
    const { width, height } = await sharp(await thumbnails.find('it', 'poster')).metadata()
    expect(`${width}x${height}`).toBe(size)
  },
)

test('S46, S47: the old ffmpeg knows the lists of what may be opened too, and gives nothing of a sibling', async () => {
  for (const name of ['playlist.mp4', 'concat.mp4']) {
    const args = composeFfmpeg(
      { path: testMedia(name), demuxer: 'mov' },
      { options: ['-c', 'copy', '-f', 'matroska'], target: '-' },
    )
    const copied = runFfmpeg(tools, args, { timeoutMs: 60_000 })
    await expect(copied, name).rejects.toMatchObject({ code: 'unsupported_media' })
    await expect(copied, name).rejects.not.toMatchObject({
      cause: { stderr: expect.stringMatching(/Unrecognized option|Option \S+ not found/) as string },
    })
  }
})
