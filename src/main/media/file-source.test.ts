import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CustomSource, EncodedPacketSink } from 'mediabunny'
import { expect, onTestFinished, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { createBlockReader } from './block-reader.ts'
import { createFileSource } from './file-source.ts'
import { openFile, openInput } from './source.ts'
import { temporaryDir } from './testing.ts'

/** Writes a changed copy of a test file and reads its first packets, as probing and indexing do. */
async function readDamaged(name: string, damage: (bytes: Buffer) => void): Promise<void> {
  const path = join(temporaryDir(), name)
  const bytes = await readFile(testMedia(name))
  damage(bytes)
  await writeFile(path, bytes)
  const input = openInput(path)
  try {
    const track = await input.getPrimaryVideoTrack()
    if (!track) return
    const sink = new EncodedPacketSink(track)
    for (let packet = await sink.getFirstPacket(); packet;) packet = await sink.getNextPacket(packet)
  } finally {
    input.dispose()
  }
}

/** When the last picture of these bytes of a film is shown. */
async function lastPictureS(bytes: Buffer): Promise<number> {
  const path = join(temporaryDir(), 'film.mp4')
  await writeFile(path, bytes)
  const input = openInput(path)
  try {
    const track = await input.getPrimaryVideoTrack()
    return (track && (await new EncodedPacketSink(track).getPacket(Infinity))?.timestamp) ?? -1
  } finally {
    input.dispose()
  }
}

const damaged = { code: 'unsupported_media' }

/** Sets a 32 bit field behind the type of the first box of its kind. */
const setField =
  (type: string, offset: number, value: number) =>
  (bytes: Buffer): void =>
    void bytes.writeUInt32BE(value, bytes.indexOf(type, 0, 'latin1') + 4 + offset)

test('a file that is whole is read to its end', async () => {
  await readDamaged('h264-aac-gop2.mp4', () => undefined)
  await readDamaged('h264-fragmented.mp4', () => undefined)
  await readDamaged('h264-aac.mkv', () => undefined)
})

test('of a recording that stopped inside a fragment, what is whole is read', async () => {
  const whole = await readFile(testMedia('h264-fragmented.mp4'))
  const starts = Array.from(whole.toString('latin1').matchAll(/moof/g), ({ index }) => index - 4)
  const [, second = 0, third = 0] = starts
  expect(await lastPictureS(whole.subarray(0, third - 1))).toBe(await lastPictureS(whole.subarray(0, second)))
  expect(await lastPictureS(whole.subarray(0, third + 500))).toBe(
    await lastPictureS(whole.subarray(0, third)),
  )
  expect(await lastPictureS(whole.subarray(0, third))).toBeGreaterThan(
    await lastPictureS(whole.subarray(0, second)),
  )
})

test('of a Matroska download that stopped inside a cluster, what is whole is read', async () => {
  const whole = await readFile(testMedia('h264-aac.mkv'))
  const cluster = Buffer.from([0x1f, 0x43, 0xb6, 0x75])
  const second = whole.indexOf(cluster, whole.indexOf(cluster) + 1)
  const third = whole.indexOf(cluster, second + 1)
  expect(third).toBeGreaterThan(second)
  const expected = await lastPictureS(whole.subarray(0, third))
  expect(expected).toBeGreaterThan(await lastPictureS(whole.subarray(0, second)))
  for (const more of [-1, 5, 5000]) {
    const read = await lastPictureS(whole.subarray(0, third + more))
    if (more < 0) expect(read).toBeLessThan(expected)
    else expect(read).toBe(expected)
  }
})

test.each<[string, string, number, number]>([
  ['time to sample', 'stts', 8, 0xffffffff],
  ['composition offsets', 'ctts', 8, 0xfffffff0],
  ['samples per chunk', 'stsc', 12, 0x7fffffff],
  ['samples without a size each', 'stsz', 8, 0xffffffff],
  ['sync samples', 'stss', 4, 0x10000000],
  ['chunks', 'stco', 4, 0x3fffffff],
])(
  'S54: a table of %s that counts thousands of millions is refused at once',
  async (_, type, offset, value) => {
    await expect(readDamaged('h264-aac-gop2.mp4', setField(type, offset, value))).rejects.toMatchObject(
      damaged,
    )
  },
)

test('S54: a fragment that claims thousands of millions of samples is refused at once', async () => {
  await expect(readDamaged('h264-fragmented.mp4', setField('trun', 4, 0xffffffff))).rejects.toMatchObject(
    damaged,
  )
})

test('S54: a Matroska element that leads a reader in a circle is refused, the event loop goes on', async () => {
  const circle = (bytes: Buffer): void => {
    // Info's id stays, its size becomes one that no element has. Its id stands in the SeekHead too, and before.
    bytes[bytes.subarray(0, 1000).lastIndexOf(Buffer.from('1549a966', 'hex')) + 4] = 0
  }
  await expect(readDamaged('h264-aac.mkv', circle)).rejects.toMatchObject(damaged)
})

test('mediabunny’s reads go by ours: another version of it may have renamed what they replace', () => {
  const { source } = createFileSource(() => openFile(testMedia('h264-aac-gop2.mp4')))
  expect(Object.hasOwn(source, '_read')).toBe(true)
  expect('_read' in CustomSource.prototype).toBe(true)
})

test('bytes are the same by blocks, across blocks and past them', async () => {
  const path = testMedia('h264-aac-gop10.mp4')
  const whole = await readFile(path)
  const file = await openFile(path)
  onTestFinished(() => file.close())
  const reader = createBlockReader(file, whole.length)
  const at = (start: number, bytes: number): Promise<boolean> =>
    Promise.resolve(reader.read(start, start + bytes)).then((it) =>
      whole.subarray(start, start + bytes).equals(it),
    )
  for (let round = 0; round < 40; round++) {
    const starts = Array.from(
      { length: 8 },
      (_, part) => ((round * 8 + part) * 7_919_111) % (whole.length - 1),
    )
    const reads = starts.map((start, part) =>
      at(start, Math.min([16, 70_000, 300_000, 900_000][part % 4] ?? 1, whole.length - start)),
    )
    expect(await Promise.all(reads)).not.toContain(false)
    reader.release()
  }
})

test('bytes that are still looked at are not overwritten, however much is read meanwhile', async () => {
  // Three times what is kept in memory, each 4 bytes telling where they are.
  const whole = Buffer.from(Uint32Array.from({ length: 6 * 1024 * 1024 }, (_, at) => at).buffer)
  const path = join(temporaryDir(), 'numbers')
  await writeFile(path, whole)
  const file = await openFile(path)
  onTestFinished(() => file.close())
  const reader = createBlockReader(file, whole.length)
  for (let pass = 0; pass < 3; pass++) {
    const held: { start: number; bytes: Uint8Array }[] = []
    for (let start = 0; start + 1000 < whole.length; start += 90_000) {
      held.push({ start, bytes: await reader.read(start, start + 1000) })
    }
    const wrong = held.filter(({ start, bytes }) => !whole.subarray(start, start + 1000).equals(bytes))
    expect(wrong).toEqual([])
    reader.release()
  }
})

test('memory of a reader that ended serves the next one, but not what is still being filled', async () => {
  const path = testMedia('h264-aac-gop10.mp4')
  const whole = await readFile(path)
  const file = await openFile(path)
  onTestFinished(() => file.close())
  const first = createBlockReader(file, whole.length)
  const view = await first.read(0, 1000)
  const pending = Promise.resolve(first.read(600_000, 601_000))
  first.end()
  const second = createBlockReader(file, whole.length)
  const next = await second.read(300_000, 301_000)
  expect(next.buffer).toBe(view.buffer)
  expect(whole.subarray(300_000, 301_000).equals(next)).toBe(true)
  const late = await pending
  expect(late.buffer).not.toBe(view.buffer)
  expect(whole.subarray(600_000, 601_000).equals(late)).toBe(true)
})
