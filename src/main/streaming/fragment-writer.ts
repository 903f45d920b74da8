/** One coded frame: decode time, composition offset and duration in whole ticks of its track's timescale. */
export type Sample = {
  data: Uint8Array
  decodeTicks: number
  /** Presentation time minus decode time; 0 for audio. */
  offsetTicks: number
  durationTicks: number
  /** True for what a decoder may start at: an IDR, any audio packet. */
  isSync: boolean
}

/** The samples of one track, in decode order; `id` is the track_ID of the init segment. */
export type FragmentTrack = { id: number; kind: 'video' | 'audio'; samples: readonly Sample[] }

/** `sample_depends_on` = 2: decodable alone, a sync sample (ISO 14496-12 section 8.8.3.1). */
const SYNC_SAMPLE_FLAGS = 0x02000000
/** `sample_depends_on` = 1 and `sample_is_non_sync_sample`. */
const NON_SYNC_SAMPLE_FLAGS = 0x01010000

const TFHD_DEFAULT_BASE_IS_MOOF = 0x020000
const TFHD_DEFAULT_SAMPLE_FLAGS = 0x20
const TRUN_DATA_OFFSET = 0x1
const TRUN_SAMPLE_DURATION = 0x100
const TRUN_SAMPLE_SIZE = 0x200
const TRUN_SAMPLE_FLAGS = 0x400
const TRUN_COMPOSITION_OFFSET = 0x800

const STYP_BYTES = 24
const MFHD_BYTES = 16
const TFDT_BYTES = 20
const BOX_HEADER_BYTES = 8

const tfhdBytes = (track: FragmentTrack): number => (track.kind === 'video' ? 16 : 20)
const trunBytes = (track: FragmentTrack): number =>
  20 + track.samples.length * (track.kind === 'video' ? 16 : 8)
const trafBytes = (track: FragmentTrack): number =>
  BOX_HEADER_BYTES + tfhdBytes(track) + TFDT_BYTES + trunBytes(track)

/**
 * Writes one Media Segment: `styp`, one `moof` (`mfhd`, per track a `traf` of `tfhd`, `tfdt`, `trun`) and one `mdat`
 * holding each track's samples in turn (ISO 14496-12 sections 8.16.2, 8.8.4 to 8.8.12). Tracks without samples are
 * left out. `sequence` counts from 1.
 */
export function writeFragment(sequence: number, allTracks: readonly FragmentTrack[]): Uint8Array {
  const tracks = allTracks.filter((track) => track.samples.length > 0)
  const moofBytes =
    BOX_HEADER_BYTES + MFHD_BYTES + tracks.reduce((total, track) => total + trafBytes(track), 0)
  const mdatBytes =
    BOX_HEADER_BYTES +
    tracks.reduce((total, track) => track.samples.reduce((sum, { data }) => sum + data.byteLength, total), 0)

  const bytes = Buffer.allocUnsafe(STYP_BYTES + moofBytes + mdatBytes)
  let at = 0
  const u32 = (value: number): void => void (at = bytes.writeUInt32BE(value, at))
  const i32 = (value: number): void => void (at = bytes.writeInt32BE(value, at))
  const u64 = (value: number): void => void (at = bytes.writeBigUInt64BE(BigInt(value), at))
  const fourCc = (code: string): void => void (at += bytes.write(code, at, 'latin1'))
  const box = (size: number, type: string): void => {
    u32(size)
    fourCc(type)
  }

  box(STYP_BYTES, 'styp')
  fourCc('msdh')
  u32(0)
  fourCc('msdh')
  fourCc('msix')

  box(moofBytes, 'moof')
  box(MFHD_BYTES, 'mfhd')
  u32(0)
  u32(sequence)
  // data_offset counts from the first byte of moof, because of default-base-is-moof.
  let dataOffset = moofBytes + BOX_HEADER_BYTES
  for (const track of tracks) {
    const isVideo = track.kind === 'video'
    box(trafBytes(track), 'traf')

    box(tfhdBytes(track), 'tfhd')
    u32(isVideo ? TFHD_DEFAULT_BASE_IS_MOOF : TFHD_DEFAULT_BASE_IS_MOOF | TFHD_DEFAULT_SAMPLE_FLAGS)
    u32(track.id)
    if (!isVideo) u32(SYNC_SAMPLE_FLAGS)

    box(TFDT_BYTES, 'tfdt')
    u32(0x01000000) // version 1: 64 bit times
    u64(track.samples[0]?.decodeTicks ?? 0)

    box(trunBytes(track), 'trun')
    const always = TRUN_DATA_OFFSET | TRUN_SAMPLE_DURATION | TRUN_SAMPLE_SIZE
    u32(0x01000000 | always | (isVideo ? TRUN_SAMPLE_FLAGS | TRUN_COMPOSITION_OFFSET : 0))
    u32(track.samples.length)
    i32(dataOffset)
    for (const sample of track.samples) {
      u32(sample.durationTicks)
      u32(sample.data.byteLength)
      if (isVideo) {
        u32(sample.isSync ? SYNC_SAMPLE_FLAGS : NON_SYNC_SAMPLE_FLAGS)
        i32(sample.offsetTicks) // signed in version 1
      }
      dataOffset += sample.data.byteLength
    }
  }

  box(mdatBytes, 'mdat')
  for (const track of tracks) {
    for (const { data } of track.samples) {
      bytes.set(data, at)
      at += data.byteLength
    }
  }
  return bytes
}
