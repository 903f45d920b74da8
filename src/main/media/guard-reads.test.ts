import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EncodedPacketSink } from 'mediabunny'
import { expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { openInput } from './source.ts'
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
