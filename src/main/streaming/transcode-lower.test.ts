import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { mainPlaylist } from './playlist.ts'
import { decodePictures, layOutConverted, squareError, toDb, useConverter } from './testing-conversion.ts'
import { readTestMedia } from './testing.ts'

const conversion = useConverter()

/** Lines of a variant: what of it is told, and its address. */
async function variantsOf(name: string): Promise<string[]> {
  const stream = await conversion.converter.packager.open((await readTestMedia(name)).playable)
  return mainPlaylist(stream)
    .split('\n')
    .filter((line) => line.startsWith('#EXT-X-STREAM-INF'))
}

test('a large picture is offered in 720p and 480p too, the largest first; one that is small is not', async () => {
  const variants = await variantsOf('mpeg4-1440p.mp4')
  const of = (line: string, what: string): string => new RegExp(`${what}=([^,]+)`).exec(line)?.[1] ?? ''
  expect(variants.map((it) => of(it, 'RESOLUTION'))).toEqual(['1920x1080', '1280x720', '852x480'])
  const bandwidths = variants.map((it) => Number(of(it, 'BANDWIDTH')))
  expect(bandwidths).toEqual(bandwidths.toSorted((a, b) => b - a))
  expect(bandwidths.at(-1)).toBeLessThan(2_000_000)

  const upright = await variantsOf('mpeg4-1440p-upright.mp4')
  expect(upright.map((it) => of(it, 'RESOLUTION'))).toEqual(['1080x1920', '720x1280', '480x852'])
  expect(await variantsOf('mpeg4-aac.mp4')).toHaveLength(1)
})

test('the smaller picture has every picture of its source, and nothing else is made', async () => {
  const { playable } = await readTestMedia('mpeg4-1440p.mp4')
  const { stream, file } = await layOutConverted(conversion.converter, playable, { id: '480' })
  const size = (852 * 480 * 3) / 2
  const filters = ['scale=852:480', 'format=yuv420p']
  const source = await decodePictures(conversion.tools, testMedia('mpeg4-1440p.mp4'), filters, size)
  const made = await decodePictures(conversion.tools, file, ['format=yuv420p'], size)
  expect(made.length).toBe(source.length)
  const off = made.map(({ planes }, at) => squareError(planes, source[at]?.planes ?? Buffer.alloc(size)))
  expect(toDb(off.reduce((sum, it) => sum + it, 0) / off.length)).toBeGreaterThan(34)
  // The encoder's parameters, and the one segment there is.
  expect(await readdir(join(conversion.converter.dir, 'slots'))).toHaveLength(2)

  // What the playlist says is what the decoder is told (RFC 6381): profile, constraints, level.
  const bytes = await readFile(file)
  const avcC = bytes.indexOf('avcC', 0, 'latin1') + 4
  const [lower] = (stream.lower ?? []).filter((it) => it.rendition.id === '480')
  expect(lower?.rendition.codecs).toBe(`avc1.${bytes.toString('hex', avcC + 1, avcC + 4)}`)
})
