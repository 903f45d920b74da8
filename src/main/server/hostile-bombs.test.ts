import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { withCover } from '../media/testing-hostile.ts'
import { startTestMatinee, type TestMatinee } from './testing.ts'
import { createOpener } from './testing-opener.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const MANY = 100_000

/** A box of ISO base media (ISO 14496-12 section 4.2). */
function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + content.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

/** An element of Matroska (RFC 8794 section 6) whose size takes eight bytes. */
function element(id: string, content: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n))
  return Buffer.concat([Buffer.from(id, 'hex'), size, content])
}

/** The film with `more` put behind the head of its segment, whose size becomes unknown. */
function withElements(film: Buffer, more: Buffer): Buffer {
  const segment = film.indexOf(Buffer.from('18538067', 'hex'))
  const head = Buffer.concat([film.subarray(0, segment + 4), Buffer.from('01ffffffffffffff', 'hex')])
  return Buffer.concat([head, more, film.subarray(segment + 12)])
}

function pngOf(width: number, height: number): Buffer {
  const piece = (type: string, content: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(content.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const picture = deflateSync(Buffer.alloc(10_000_000))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    ...[piece('IHDR', header), piece('IDAT', picture), piece('IEND', Buffer.alloc(0))],
  ])
}

const read = (name: string): Buffer => readFileSync(testMedia(name))
const many = (it: Buffer): Buffer => Buffer.concat(Array.from({ length: MANY }, () => it))

/** One track of the film, again and again, in its `moov`, which is the last box. */
function withTracks(film: Buffer): Buffer {
  const at = film.lastIndexOf('trak', undefined, 'latin1') - 4
  const track = film.subarray(at, at + film.readUInt32BE(at))
  // Without the tables of its samples it is small.
  const small = box('trak', track.subarray(8, track.indexOf('stbl', 0, 'latin1') - 4))
  const moov = film.lastIndexOf('moov', undefined, 'latin1') - 4
  const before = film.subarray(moov + 8, moov + film.readUInt32BE(moov))
  return Buffer.concat([film.subarray(0, moov), box('moov', Buffer.concat([before, many(small)]))])
}

const BOMBS: [what: string, from: string, make: (from: Buffer) => Buffer, status: 'failed' | 'completed'][] =
  [
    ['100 000 tracks in an MP4', 'h264-silent.mp4', withTracks, 'failed'],
    [
      '100 000 tracks in a Matroska file',
      'h264-aac.mkv',
      // TrackEntry with TrackNumber 9, TrackUID 9, TrackType 2, CodecID A_AAC (RFC 9559 section 5.1.4.1).
      (it) =>
        withElements(
          it,
          element(
            '1654ae6b',
            many(element('ae', Buffer.from('d7810973c58109838102868541 5f414143'.replace(' ', ''), 'hex'))),
          ),
        ),
      'failed',
    ],
    [
      '100 000 chapters',
      'h264-aac.mkv',
      // EditionEntry, ChapterAtom with ChapterUID and ChapterTimeStart (section 5.1.7.1).
      (it) =>
        withElements(
          it,
          element('1043a770', element('45b9', many(element('b6', Buffer.from('73c481099181ff', 'hex'))))),
        ),
      'completed',
    ],
    ['a cover of 30 000 x 30 000', 'mp3.mp3', (it) => withCover(it, pngOf(30_000, 30_000)), 'completed'],
  ]

it.each(BOMBS.filter(([, from]) => hasTestMedia(from)))(
  'S54: %s cost no more memory than a film may, and the engine goes on',
  async (what, from, make, status) => {
    const path = join(matinee.folder, `${what}.${from.split('.').at(-1) ?? ''}`)
    writeFileSync(path, make(read(from)))
    const before = process.memoryUsage.rss()
    let most = before
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10)
    try {
      const opener = createOpener({ apiUrl: matinee.api, shareUrl: matinee.shareBase, key: matinee.key })
      const file = await opener.add(path)
      expect(file).toMatchObject({ status })
      if (status === 'failed') expect(file?.failure?.message).toMatch(/\.$/)
      if (file && status === 'completed') await opener.openAll(file)
      expect(opener.opened.filter((it) => it.status === 0 || it.status === 500).map((it) => it.url)).toEqual(
        [],
      )
    } finally {
      clearInterval(watch)
    }
    // What a thread that reads may take before it is ended.
    expect((most - before) / 2 ** 20).toBeLessThan(600)
    expect((await matinee.v1('GET', '/health')).status).toBe(200)
  },
)
