import type { MediaInfo } from '../../shared/media.ts'
import { readHead } from './head.ts'
import { readMoov } from './isobmff-boxes.ts'
import { openFile } from './source.ts'

/** Names of the box with the record, by profile ("Dolby Vision Streams Within the ISO Base Media File Format", 3.1); Matroska uses them as numbers. */
const NAMES = ['dvcC', 'dvvC']

/** What precedes the record in Matroska: BlockAddIDExtraData and a size of 24 (RFC 9559 section 5.1.4.1.17.4). */
const EXTRA_DATA = Buffer.from([0x41, 0xed, 0x98])

/** Version of the record, and profiles that there are. */
const VERSION = 1
const LAST_PROFILE = 10

/** Reads of which profile of Dolby Vision a film in HEVC is. Null when it is none, or its container does not tell. */
export async function dolbyVisionOf(
  path: string,
  { demuxer, video }: Pick<MediaInfo, 'demuxer' | 'video'>,
): Promise<number | null> {
  if (video?.codec !== 'hevc') return null
  if (demuxer === 'matroska') return profileIn(Buffer.from(await readHead(path)))
  if (demuxer !== 'mov') return null
  const file = await openFile(path)
  try {
    return profileIn(await readMoov(file))
  } finally {
    await file.close()
  }
}

function profileIn(bytes: Buffer | null): number | null {
  const [at] = NAMES.map((name) => bytes?.indexOf(name, 0, 'latin1') ?? -1).filter((it) => it >= 0)
  if (!bytes || at === undefined) return null
  const behind = bytes.subarray(at + 4)
  const isMatroska = behind.subarray(0, EXTRA_DATA.length).equals(EXTRA_DATA)
  const record = isMatroska ? behind.subarray(EXTRA_DATA.length) : behind
  // Two bytes of version, seven bits of profile.
  const profile = (record[2] ?? 0xff) >> 1
  return record[0] === VERSION && profile <= LAST_PROFILE ? profile : null
}
