import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { ffprobe } from '../media/ffmpeg.ts'
import { calm, oldTools } from '../media/testing.ts'
import { decodePictures, layOutConverted, squareError, toDb, useConverter } from './testing-conversion.ts'
import { readTestMedia } from './testing.ts'
import { toStandardRange, type HdrTransfer } from './tone-curve.ts'

const conversion = useConverter()
const old = useConverter(oldTools)

const PIXELS = 320 * 180
const LEAST_DB = 38
/** 4:2:0 has fewer colours than the source's pixels here. */
const LEAST_COLOUR_DB = 35
const CASES: [string, HdrTransfer][] = [
  ['hevc-hdr10.mp4', 'pq'],
  ['hevc-hlg.mp4', 'hlg'],
]

const CONVERSIONS = { 'the ffmpeg of this machine': conversion, 'the old one from npm': old }

describe.each(Object.entries(CONVERSIONS))('with %s', (_, by) => {
  test.each(CASES.filter(([name]) => hasTestMedia(name)))(
    '%s becomes what its own curve says of every pixel, and is called BT.709',
    async (name, transfer) => {
      const { playable } = await readTestMedia(name)
      const { file } = await layOutConverted(by.converter, playable)
      const { streams } = await ffprobe(conversion.tools, { path: file, demuxer: 'mov' }, calm)
      expect(streams?.[0]).toMatchObject({
        ...{ pix_fmt: 'yuv420p', color_space: 'bt709', color_primaries: 'bt709', color_transfer: 'bt709' },
      })

      const wide = ['scale=in_color_matrix=bt2020:flags=accurate_rnd+full_chroma_int', 'format=rgb48le']
      const source = await decodePictures(conversion.tools, testMedia(name), wide, PIXELS * 6)
      const narrow = ['scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int', 'format=rgb24']
      const made = await decodePictures(conversion.tools, file, narrow, PIXELS * 3)
      expect(made.length).toBe(source.length)
      const middle = Math.floor(made.length / 2)
      const wanted = mapped(source[middle]?.planes ?? Buffer.alloc(0), transfer)
      const got = made[middle]?.planes ?? Buffer.alloc(0)
      expect(toDb(squareError(lumaOf(got), lumaOf(wanted)))).toBeGreaterThan(LEAST_DB)
      expect(toDb(squareError(got, wanted))).toBeGreaterThan(LEAST_COLOUR_DB)
    },
  )
})

/** Each pixel by the curve itself, not by its table. */
function mapped(pixels: Buffer, transfer: HdrTransfer): Buffer {
  const result = Buffer.alloc(pixels.length / 2)
  const at = (sample: number): number => pixels.readUInt16LE(sample * 2) / 65_535
  for (let pixel = 0; pixel < result.length; pixel += 3) {
    const colour = toStandardRange([at(pixel), at(pixel + 1), at(pixel + 2)], transfer)
    for (const [part, value] of colour.entries()) result[pixel + part] = Math.round(value * 255)
  }
  return result
}

/** How bright pixels are, by BT.709. */
function lumaOf(pixels: Buffer): Buffer {
  return Buffer.from(
    Array.from({ length: pixels.length / 3 }, (_, at) =>
      [0.2126, 0.7152, 0.0722].reduce((sum, share, part) => sum + share * (pixels[at * 3 + part] ?? 0), 0),
    ),
  )
}
