import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import type { MediaInfo } from '../../shared/media.ts'
import { readAviInfo } from './avi-info.ts'
import { probeWithFfprobe } from './ffprobe-info.ts'
import { readProgramInfo } from './program-info.ts'
import type { Sniffed } from './sniff.ts'
import { calm, temporaryDir } from './testing.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)
const AVI: Sniffed = { container: 'AVI', demuxer: 'avi', mediabunny: false }
const MPEG: Sniffed = { container: 'MPEG', demuxer: 'mpeg', mediabunny: false }

const KINDS = [
  {
    name: 'an AVI',
    files: ['mpeg4-mp3.avi', 'mpeg4-bframes.avi', 'mjpeg-pcm.avi', 'mpeg4-ac3.avi'],
    read: (path: string) => readAviInfo(path, AVI),
    sniffed: AVI,
    /** Where headers end. */
    headBytes: 12_000,
  },
  {
    name: 'a program stream',
    files: ['mpeg2-mp2.mpg', 'mpeg1-mp2.mpg', 'mpeg2-ac3.vob'],
    read: (path: string) => readProgramInfo(path, MPEG),
    sniffed: MPEG,
    headBytes: 3 * 2048,
  },
]

/** A file of such bytes, gone with the test. */
function written(bytes: Buffer): string {
  const path = join(temporaryDir(), 'film')
  writeFileSync(path, bytes)
  return path
}

describe.each(KINDS)('$name', ({ files, read, sniffed, headBytes }) => {
  const [first = ''] = files.filter(hasTestMedia)

  test.each(files.filter(hasTestMedia))(
    '%s is read to the very facts that ffprobe tells of it',
    async (name) => {
      const own = await read(testMedia(name))
      const { durationS, ...facts } = await probeWithFfprobe(testMedia(name), sniffed, tools, calm)
      expect({ ...own, durationS: 0, bitrate: null }).toEqual({ ...facts, durationS: 0, bitrate: null })
      // Of the last frames of sound, and of a picture that has no time of its own, ffprobe counts some.
      expect((own?.durationS ?? 0) - durationS).toBeGreaterThan(-0.001)
      expect((own?.durationS ?? 0) - durationS).toBeLessThan(0.2)
    },
  )

  test('S55: of damaged bytes is left to ffprobe, or told as far as it is sure', async () => {
    const whole = readFileSync(testMedia(first))
    const known = await read(testMedia(first))
    const isSane = (own: MediaInfo | null): boolean =>
      own === null || (own.durationS < 48 * 3600 && own.audio.length <= (known?.audio.length ?? 0))
    for (const length of [0, 1, 11, 12, 20, 2047, 2048, 40_000, whole.length - 100]) {
      expect(isSane(await read(written(whole.subarray(0, length)))), `${length} bytes`).toBe(true)
    }
    const path = written(whole)
    for (let at = 0; at < headBytes; at += 23) {
      const bytes = Buffer.from(whole.subarray(0, 100_000))
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      writeFileSync(path, bytes)
      expect(isSane(await read(path)), `byte ${at}`).toBe(true)
    }
  })
})

test('an AVI that was cut off is left to ffprobe, which counts its packets', async () => {
  const whole = readFileSync(testMedia('mpeg4-bframes.avi'))
  expect(await readAviInfo(written(whole.subarray(0, whole.length / 2)), AVI)).toBeNull()
})

test('a program stream is as long as it is there, and two of them one behind the other are left to ffprobe', async () => {
  const whole = readFileSync(testMedia('mpeg2-ac3.vob'))
  const half = written(whole.subarray(0, whole.length / 2))
  const { durationS } = await probeWithFfprobe(half, MPEG, tools, calm)
  expect((await readProgramInfo(half, MPEG))?.durationS).toBeCloseTo(durationS, 1)
  const other = readFileSync(testMedia('mpeg2-mp2.mpg'))
  expect(await readProgramInfo(written(Buffer.concat([whole, other])), MPEG)).toBeNull()
})

test('S54: lists in lists, lists without end and thousands of streams are no work', async () => {
  const list = (word: string, content: Buffer, bytes = content.length + 4): Buffer => {
    const header = Buffer.from(`LIST....${word}`, 'latin1')
    header.writeUInt32LE(bytes, 4)
    return Buffer.concat([header, content])
  }
  const film = readFileSync(testMedia('mpeg4-bframes.avi'))
  const stream = film.subarray(film.indexOf('strl') - 8, film.indexOf('JUNK'))
  stream.writeUInt32LE(stream.length - 8, 4)
  const avi = (content: Buffer): string =>
    written(Buffer.concat([Buffer.from('RIFF\xff\xff\xff\x7fAVI ', 'latin1'), content]))
  const deep = list('rec ', Buffer.alloc(0), 0xfffffff0)
  const HOSTILE = [
    list('movi', Buffer.concat(Array<Buffer>(40_000).fill(deep)), 0xffffffff),
    Buffer.concat([
      list('hdrl', Buffer.concat(Array<Buffer>(4000).fill(stream))),
      list('movi', Buffer.from('00dc\0\0\0\0')),
    ]),
    list('hdrl', list('strl', Buffer.from('strh\xff\xff\xff\xffstrf', 'latin1'), 0xffffffff), 0xffffffff),
  ]
  for (const content of HOSTILE) expect(await readAviInfo(avi(content), AVI)).toBeNull()
})
