import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EncodedPacketSink, Input, MATROSKA, WEBM } from 'mediabunny'
import { describe, expect, test } from 'vitest'
import type { ClustersIndex, MediaIndex } from '../../shared/media.ts'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { createFileSource } from '../media/file-source.ts'
import { readCuedHead } from '../media/matroska-head.ts'
import { openFile, openInput } from '../media/source.ts'
import { readMedia, temporaryDir } from '../media/testing.ts'
import { openClusterScan } from './cluster-scan.ts'
import { runScan } from './file-scan.ts'
import { buildMediaIndex, indexWithMediabunny } from './keyframes.ts'
import { walkKeyPackets } from './key-packets.ts'
import { testTools } from './testing.ts'

const tools = await testTools()
const calm = new AbortController().signal

const FILMS = ['h264-live.mkv', 'vp9-live.webm'].filter(hasTestMedia)

/** The places in an index. Throws when there are none. */
function placesOf({ scan }: MediaIndex): ClustersIndex {
  if (scan?.kind !== 'clusters') throw new Error('no clusters')
  return scan
}

const indexOf = async (path: string): Promise<MediaIndex> =>
  buildMediaIndex({ path, media: await readMedia(path, tools), tools }, calm)

describe('a film without Cues', () => {
  test.each(FILMS)(
    '%s gets the table that walking all of it gives; the first also that of the same film with Cues',
    async (name) => {
      const index = await indexOf(testMedia(name))
      const { scan, ...table } = index
      expect(scan?.kind).toBe('clusters')
      const input = openInput(testMedia(name))
      const video = await input.getPrimaryVideoTrack()
      const walked = video ? await walkKeyPackets(video, calm) : []
      input.dispose()
      expect(table.keyTimesS).toEqual(walked.filter((it) => it.kind === 'idr').map((it) => it.timeS))
      expect(placesOf(index).times).toHaveLength(walked.length)

      if (name !== 'h264-live.mkv') return
      const cued = await indexOf(testMedia('h264-aac.mkv'))
      expect(cued.scan).toBeUndefined()
      expect({ ...table, endS: 0 }).toEqual({ ...cued, endS: 0 })
      expect(table.endS).toBeCloseTo(cued.endS, 1)
    },
  )

  test.each(FILMS)('a key frame late in %s is read without what lies before it', async (name) => {
    const index = await indexOf(testMedia(name))
    const places = placesOf(index)
    const file = await openFile(testMedia(name))
    const reads: { from: number; to: number }[] = []
    const watched = new Proxy(file, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key === 'read') {
          return (bytes: Buffer, offset: number, length: number, position: number) => {
            reads.push({ from: position, to: position + length })
            return target.read(bytes, offset, length, position)
          }
        }
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    const { source } = createFileSource(() => Promise.resolve(watched), {
      headOf: (it) => readCuedHead(it, places),
    })
    const input = new Input({ formats: [MATROSKA, WEBM], source })
    const video = await input.getPrimaryVideoTrack()
    reads.length = 0
    const lastS = index.keyTimesS.at(-1) ?? 0
    const packet = video && (await new EncodedPacketSink(video).getKeyPacket(lastS))
    expect(packet?.timestamp).toBe(lastS)
    // Blocks of the file reader are larger than clusters: one of them may begin earlier.
    const lastAt = places.at.at(-1) ?? 0
    for (const { to } of reads) expect(to).toBeGreaterThan(lastAt)
    input.dispose()
  })

  test('sound alone has a place every second', async () => {
    if (!hasTestMedia('opus-live.webm')) return
    const index = await indexOf(testMedia('opus-live.webm'))
    const { times, at } = placesOf(index)
    expect(index).toMatchObject({ keyTimesS: [], startS: 0 })
    expect(index.endS).toBeCloseTo(10, 1)
    expect(times.length).toBeGreaterThan(1)
    for (const [place, time] of times.entries()) {
      if (place > 0) expect(time - (times[place - 1] ?? 0)).toBeGreaterThanOrEqual(1000)
      expect(readFileSync(testMedia('opus-live.webm')).readUInt32BE(at[place] ?? 0)).toBe(0x1f43b675)
    }
  })

  test('one that was cut off in the middle of a frame is good as far as it goes', async () => {
    const whole = readFileSync(testMedia('h264-live.mkv'))
    const path = join(temporaryDir(), 'cut.mkv')
    for (const part of [0.35, 0.6, 0.9]) {
      writeFileSync(path, whole.subarray(0, Math.floor(whole.length * part)))
      const index = await indexOf(path)
      expect(index.endS).toBeGreaterThan(10 * part - 2)
      expect(index.endS).toBeLessThan(10 * part + 2)
      expect(placesOf(index).times.length).toBe(index.keyTimesS.length)
    }
  })
})

test('a scan that was put down anywhere goes on from there to the same places', async () => {
  for (const name of FILMS) {
    const index = await indexOf(testMedia(name))
    const bytes = readFileSync(testMedia(name))
    const file = await openFile(testMedia(name))
    const input = openInput(testMedia(name))
    const video = await input.getPrimaryVideoTrack()
    if (!video) throw new Error('no picture')
    const target = { track: video.id, kindOf: () => 'idr' as const, unitsPerS: 1000 }
    for (const part of [0.1, 0.5, 0.8]) {
      const first = await openClusterScan(file, target, null)
      const end = Math.floor(bytes.length * part)
      first.take(bytes.subarray(first.position, end), false)
      const saved = JSON.parse(JSON.stringify(first.save())) as unknown
      const second = await openClusterScan(file, target, saved)
      expect(second.position).toBe(first.position)
      const { places } = await runScan(testMedia(name), second, undefined, calm)
      expect(places).toEqual(placesOf(index))
    }
    input.dispose()
    await file.close()
  }
})

describe('what Matroska allows', () => {
  /** An element: its id as written, and content or a number; `size` overrides the size told. */
  const element = (id: string, content: Buffer | number, size?: string): Buffer => {
    const bytes = typeof content === 'number' ? Buffer.from([content >> 8, content & 255]) : content
    const told = Buffer.alloc(8)
    told.writeBigUInt64BE(BigInt(bytes.length) | (1n << 56n))
    return Buffer.concat([Buffer.from(id, 'hex'), size ? Buffer.from(size, 'hex') : told, bytes])
  }
  const UNKNOWN = '01ffffffffffffff'
  const block = (track: number, time: number, flags: number): Buffer =>
    Buffer.from([0x80 | track, 0, time, flags, ...[1, 2, 3, 4, 5]])
  const group = (track: number, time: number, refers: boolean): Buffer =>
    element(
      'a0',
      Buffer.concat([element('a1', block(track, time, 0)), ...(refers ? [element('fb', 1)] : [])]),
    )
  const simple = (track: number, time: number, isKey: boolean, more = 0): Buffer =>
    element('a3', block(track, time, (isKey ? 0x80 : 0) | more))
  const cluster = (time: number, parts: Buffer[], size?: string): Buffer =>
    element('1f43b675', Buffer.concat([element('e7', time), ...parts]), size)
  const head = [element('1549a966', Buffer.alloc(5)), element('1654ae6b', Buffer.alloc(9))]
  const fileOf = (parts: Buffer[]): Buffer =>
    Buffer.concat([element('1a45dfa3', Buffer.alloc(3)), element('18538067', Buffer.concat(parts), UNKNOWN)])

  async function scan(bytes: Buffer) {
    const path = join(temporaryDir(), 'made.mkv')
    writeFileSync(path, bytes)
    const file = await openFile(path)
    try {
      const target = { track: 1, kindOf: () => 'idr' as const, unitsPerS: 1000 }
      const { places } = await runScan(path, await openClusterScan(file, target, null), undefined, calm)
      return { times: places.times, clusters: places.at.map((at) => bytes.readUInt32BE(at).toString(16)) }
    } finally {
      await file.close()
    }
  }

  test('key frames are simple blocks that say so, and groups that refer to nothing; other tracks do not count', async () => {
    const bytes = fileOf([
      ...head,
      cluster(0, [simple(1, 0, true), simple(2, 0, true), simple(1, 40, false)]),
      cluster(100, [group(1, 0, false), group(1, 40, true), group(2, 50, false)], UNKNOWN),
      element('ec', Buffer.alloc(300)),
      cluster(200, [simple(2, 1, true), simple(1, 7, true), group(1, 9, false)]),
      Buffer.alloc(1000),
    ])
    const { times, clusters } = await scan(bytes)
    expect(times).toEqual([0, 100, 207, 209])
    expect(new Set(clusters)).toEqual(new Set(['1f43b675']))
  })

  test.each([
    ['laced pictures', [...head, cluster(0, [simple(1, 0, true, 0x02)])]],
    ['a cluster without a time', [...head, element('1f43b675', simple(1, 0, true))]],
    [
      'noise between elements',
      [...head, cluster(0, [simple(1, 0, true)]), Buffer.alloc(9, 0x0f), cluster(9, [])],
    ],
    ['a second segment', [...head, cluster(0, [simple(1, 0, true)]), element('1a45dfa3', Buffer.alloc(3))]],
    [
      'an element without an end',
      [...head, cluster(0, [simple(1, 0, true), element('ec', Buffer.alloc(9), UNKNOWN)])],
    ],
  ])('%s are left to mediabunny', async (_, parts) => {
    await expect(scan(fileOf(parts))).rejects.toMatchObject({ name: 'ScanFault' })
  })

  test('S54: what lies before the first cluster is not taken into memory when it is huge', async () => {
    const far = fileOf([
      ...head,
      element('ec', Buffer.alloc(65 * 1024 * 1024)),
      cluster(0, [simple(1, 0, true)]),
    ])
    await expect(scan(far)).rejects.toMatchObject({ name: 'ScanFault' })
  })

  test('what is no Matroska at all, or has no cluster', async () => {
    for (const bytes of [Buffer.alloc(100), fileOf(head), Buffer.from('random words, and more of them')]) {
      await expect(scan(bytes)).rejects.toMatchObject({ name: 'ScanFault' })
    }
  })
})

test('Cues that were there and did not serve are not believed beside the new ones', async () => {
  const file = await openFile(testMedia('h264-aac.mkv'))
  const input = openInput(testMedia('h264-aac.mkv'))
  const video = await input.getPrimaryVideoTrack()
  if (!video) throw new Error('no picture')
  const target = { track: video.id, kindOf: () => 'idr' as const, unitsPerS: 1000 }
  const { places } = await runScan(
    testMedia('h264-aac.mkv'),
    await openClusterScan(file, target, null),
    undefined,
    calm,
  )
  const withCues = openInput(testMedia('h264-aac.mkv'), places)
  const plain = await indexWithMediabunny({ path: testMedia('h264-aac.mkv'), file }, calm)
  const track = await withCues.getPrimaryVideoTrack()
  for (const keyS of plain.keyTimesS) {
    const one = track && (await new EncodedPacketSink(track).getKeyPacket(keyS))
    const other = await new EncodedPacketSink(video).getKeyPacket(keyS)
    expect(one?.timestamp).toBe(keyS)
    expect(Buffer.from(one?.data ?? []).equals(Buffer.from(other?.data ?? [1]))).toBe(true)
  }
  for (const it of [input, withCues]) it.dispose()
  await file.close()
})
