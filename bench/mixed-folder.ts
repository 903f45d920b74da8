import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { testMedia } from '../scripts/test-media.ts'

/**
 * What lies in people's folders, in per cent: mostly MP4, MOV and MKV, some WebM and sound, a few recordings of a
 * tuner and files of twenty years ago, and one that is cut off. Those are made of the test media, each of them
 * readable or not as they are there; most of the old ones are read by ffprobe, a process each.
 */
const MIX: readonly (readonly [name: string, percent: number])[] = [
  ['h264-aac-gop2.mp4', 21],
  ['h264-aac-gop10.mp4', 8],
  ['h264-2997.mp4', 8],
  ['h264-rotated.mp4', 6],
  ['h264-silent.mp4', 4],
  ['h264-vfr.mp4', 4],
  ['h264-fragmented.mp4', 2],
  ['hevc-aac.mp4', 6],
  ['h264-aac.mov', 8],
  ['h264-aac.mkv', 8],
  ['h264-opus.mkv', 3],
  ['h264-ac3.mkv', 3],
  ['vp9-opus.webm', 4],
  ['mp3.mp3', 4],
  ['aac.m4a', 3],
  ['flac.flac', 2],
  ['opus.ogg', 1],
  ['pcm.wav', 1],
  ['h264-aac.ts', 1],
  ['mpeg4-mp3.avi', 1],
  ['mpeg2-mp2.mpg', 1],
  ['truncated.mp4', 1],
]

/** Size and places of the samples that a fingerprint is made of (src/main/media/fingerprint.ts). */
const SAMPLE_BYTES = 64 * 1024

/**
 * Fills `folder` with `count` files of the mix, each of other content, also than that of another `round`; their paths in
 * the order of their names.
 */
export function makeMixedFolder(folder: string, count: number, round = 0): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return takeTurns(count).map((name, at) => {
    const bytes = readFileSync(testMedia(name))
    // Inside the picture or sound, not the tables: what is told of the file stays the same.
    const place = Math.floor((Math.max(0, bytes.length - SAMPLE_BYTES) * 2) / 3) + 1000
    bytes.writeUInt16LE((bytes.readUInt16LE(place) + round * count + at + 1) & 0xffff, place)
    const path = join(folder, `${String(at).padStart(6, '0')}${extname(name)}`)
    writeFileSync(path, bytes)
    return path
  })
}

/** Names of the mix by their shares, well shuffled and the same each time. */
function takeTurns(count: number): string[] {
  const owed = MIX.map(() => 0)
  return Array.from({ length: count }, () => {
    MIX.forEach(([, percent], at) => (owed[at] = (owed[at] ?? 0) + percent))
    const most = owed.indexOf(Math.max(...owed))
    owed[most] = (owed[most] ?? 0) - 100
    return MIX[most]?.[0] ?? ''
  })
}
