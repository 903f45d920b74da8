import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { probe } from './probe.ts'
import { isMedia, sniff } from './sniff.ts'
import { calm, readMedia, temporaryDir } from './testing.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)

describe('S55: what is broken is refused with a sentence for its owner', () => {
  test('a film whose index is missing', async () => {
    await expect(readMedia(testMedia('truncated.mp4'), tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: 'The file is cut off: its index (moov) is missing. Copy or download it again.',
    })
  })

  test('a film with its index at the front that stopped being copied', async () => {
    const path = join(temporaryDir(), 'cut.mp4')
    const whole = readFileSync(testMedia('h264-aac-gop2.mp4'))
    writeFileSync(path, whole)
    truncateSync(path, Math.floor(whole.length * 0.6))
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: expect.stringMatching(/cut off: only (59|60) % of it is here/) as string,
    })
    // Trailing bytes that are no box do no harm.
    writeFileSync(path, Buffer.concat([whole, Buffer.from('appended by some tool')]))
    expect((await readMedia(path, tools)).durationS).toBe(10)
  })

  test('a recording in fragments that was cut off is good as far as it goes', async () => {
    const path = join(temporaryDir(), 'recording.mp4')
    const whole = readFileSync(testMedia('h264-fragmented.mp4'))
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * 0.7)))
    const { durationS, video } = await readMedia(path, tools)
    expect(video).toMatchObject({ codec: 'avc' })
    expect(durationS).toBeGreaterThan(4)
    expect(durationS).toBeLessThan(10)
  })

  test('noise behind a start that looks right, for every container', async () => {
    const noise = readFileSync(testMedia('random.mp4'))
    const names = ['h264-aac.mkv', 'h264-aac.flv', 'mpeg4-mp3.avi', 'opus.ogg', 'flac.flac', 'wmv2-wma.wmv']
    for (const name of names.filter(hasTestMedia)) {
      const film = readFileSync(testMedia(name))
      const sniffed = sniff(film)
      if (!isMedia(sniffed)) throw new Error(name)
      const path = join(temporaryDir(), name)
      writeFileSync(path, Buffer.concat([film.subarray(0, 16), noise]))
      await expect(probe(path, sniffed, tools, calm), name).rejects.toMatchObject({
        code: 'unsupported_media',
      })
    }
  })

  test('a container with nothing in it', async () => {
    const path = join(temporaryDir(), 'nothing.mp4')
    writeFileSync(path, Buffer.from('\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moov\0\0\0\x08mdat', 'latin1'))
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: expect.stringContaining('no picture or sound') as string,
    })
  })
})

describe('S54: a header that lies is not believed', () => {
  /** A copy of a film with 32-bit numbers overwritten, each so many bytes behind the name of its box. */
  function withNumbers(...changes: [box: string, offset: number, value: number][]): string {
    const film = Buffer.from(readFileSync(testMedia('h264-silent.mp4')))
    const index = film.lastIndexOf('moov', undefined, 'latin1')
    for (const [box, offset, value] of changes) {
      film.writeUInt32BE(value, film.indexOf(box, index, 'latin1') + 4 + offset)
    }
    const path = join(temporaryDir(), 'bomb.mp4')
    writeFileSync(path, film)
    return path
  }

  test('a picture of 65535 x 65535', async () => {
    // Width and height of the sample entry (ISO 14496-12 12.1.3.2), 16 bits each; 16.16 in the track's header.
    const path = withNumbers(['avc1', 24, 0xffffffff], ['tkhd', 76, 0xffff0000], ['tkhd', 80, 0xffff0000])
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: 'The file claims a picture larger than any screen.',
    })
  })

  test('a film of 136 years', async () => {
    // Timescale 1 and that many ticks, wherever a header tells the duration (ISO 14496-12 8.2.2, 8.3.2, 8.4.2).
    const long = 0xfffffffe
    const path = withNumbers(
      ['mvhd', 12, 1],
      ['mvhd', 16, long],
      ['tkhd', 20, long],
      ['mdhd', 12, 1],
      ['mdhd', 16, long],
    )
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: 'The file claims to be longer than two days.',
    })
  })
})
