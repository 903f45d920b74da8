import type { MediaInfo } from '../../shared/media.ts'
import { NAL, nalUnits } from './annex-b.ts'
import { readAdtsHeader } from './adts.ts'
import { readSequenceFacts } from './h264-parameters.ts'
import { openFile } from './source.ts'
import { findPacketGrid } from './transport-grid.ts'
import { createPesReader } from './transport-pes.ts'
import { ScanFault } from './scan-fault.ts'
import { ADTS_STREAM, H264_STREAM, readTransportProgram } from './transport-program.ts'

/** Bytes at the start of a transport stream that hold its tables and its first pictures. */
export const TRANSPORT_HEAD_BYTES = 4 * 1024 * 1024

/**
 * Adds to what ffprobe says of a transport stream how its codecs are called in a playlist (RFC 6381): the container
 * has no word for it, only the first picture and sound. What cannot be found stays as it is.
 */
export async function nameTransportCodecs(media: MediaInfo, path: string): Promise<MediaInfo> {
  const { picture, sounds } = await readCodecStrings(path)
  return {
    ...media,
    video:
      media.video && (media.video.codec === 'avc' ? { ...media.video, codecString: picture } : media.video),
    audio: media.audio.map((it) =>
      it.codec === 'aac' ? { ...it, codecString: sounds.shift() ?? null } : it,
    ),
  }
}

async function readCodecStrings(
  path: string,
): Promise<{ picture: string | null; sounds: (string | null)[] }> {
  const head = await readTransportHead(path)
  const grid = findPacketGrid(head)
  const program = grid && readTransportProgram(head, grid)
  if (!grid || !program) return { picture: null, sounds: [] }
  const names = new Map<number, string>()
  const types = new Map(program.streams.map(({ pid, type }) => [pid, type]))
  const wanted = program.streams.filter(({ type }) => type === H264_STREAM || type === ADTS_STREAM)
  const pids = wanted.map(({ pid }) => pid)
  const reader = createPesReader(grid.strideBytes, pids, ({ pid, payload }) => {
    const name = types.get(pid) === H264_STREAM ? pictureName(payload) : soundName(payload)
    if (name && !names.has(pid)) names.set(pid, name)
  })
  try {
    reader.take(head.subarray(grid.firstAt), grid.firstAt)
    reader.end()
  } catch (error) {
    // What came before the damage counts.
    if (!(error instanceof ScanFault)) throw error
  }
  const pidsOf = (type: number): number[] => wanted.filter((it) => it.type === type).map(({ pid }) => pid)
  return {
    picture: pidsOf(H264_STREAM).map((pid) => names.get(pid) ?? null)[0] ?? null,
    sounds: pidsOf(ADTS_STREAM).map((pid) => names.get(pid) ?? null),
  }
}

/** The first bytes of a file, enough for all that a transport stream says of itself. */
export async function readTransportHead(path: string): Promise<Buffer> {
  const file = await openFile(path)
  try {
    const head = Buffer.allocUnsafe(TRANSPORT_HEAD_BYTES)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function pictureName(payload: Buffer): string | null {
  for (const { start, end, type } of nalUnits(payload)) {
    if (type === NAL.sequenceParameters)
      return readSequenceFacts(payload.subarray(start, end))?.codecString ?? null
  }
  return null
}

function soundName(payload: Buffer): string | null {
  const header = readAdtsHeader(payload, 0)
  return header && `mp4a.40.${header.objectType}`
}
