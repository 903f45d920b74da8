import { AppError } from '../../base/errors.ts'
import { composeFfmpeg, runFfmpeg } from '../../media/ffmpeg.ts'
import type { Tools } from '../../media/tools.ts'
import { readEncodedPictures } from './access-units.ts'

/** How pictures are encoded so that they fit between copied ones: the same for every run of a file. */
export type EncoderSettings = {
  /** profile_idc and level_idc of the source's parameter set. */
  profile: number
  level: number
  /** An id that no parameter set of the source has. */
  sequenceId: number
  /** Bytes of a NAL unit's length field. */
  lengthSize: number
  /** Pictures per second, whole: x264 writes it into its parameter set, so every run must be given the same. */
  rate: number
}

/** Pictures to encode: a fragmented MP4 that begins at an IDR, and which of its pictures, in order of presentation. */
export type RunRequest = { source: readonly Uint8Array[]; first: number; count: number }

/** Decoding and encoding of a GOP takes seconds; a machine under load is given time. */
const TIMEOUT_MS = 120_000
const SILENCE_MS = 60_000
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** At this quality the eye sees no seam, and PSNR stays over 38 dB with noise too. */
const CRF = 16

/**
 * Encodes pictures of a GOP anew with libx264, as one IDR run without B pictures: decode order is order of
 * presentation. A byte stream (annex B) of exactly `count` access units comes back. The source goes in over a pipe, cut by ourselves, so no seeking of
 * ffmpeg's decides what is shown. Throws AppError `unsupported_media` when ffmpeg gives other pictures than asked for.
 */
export async function encodeRun(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  settings: EncoderSettings,
  { source, first, count }: RunRequest,
  signal: AbortSignal,
): Promise<Buffer> {
  const args = composeFfmpeg(
    { path: null, demuxer: 'mov' },
    { options: outputOptions(tools, settings, first, count), target: '-' },
    // A constant rate numbers the pictures as they come; their own times are kept by us.
    ['-v', 'error', '-noautorotate', '-r', String(settings.rate)],
  )
  const stdout = await runFfmpeg(tools, args, {
    signal,
    input: source,
    timeoutMs: TIMEOUT_MS,
    silenceMs: SILENCE_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  })
  const pictures = readEncodedPictures(stdout, settings.lengthSize)
  const isRun = pictures.units.every(({ isIdr }, at) => isIdr === (at === 0))
  if (pictures.units.length !== count || !isRun) {
    throw new AppError('unsupported_media', 'The beginning or end of this clip could not be made exact.')
  }
  return stdout
}

function outputOptions(
  tools: Pick<Tools, 'hasFpsMode'>,
  { profile, level, sequenceId }: EncoderSettings,
  first: number,
  count: number,
): string[] {
  const x264 = [
    'keyint=infinite',
    'scenecut=0',
    'bframes=0',
    'aud=1',
    `sps-id=${sequenceId}`,
    `level=${level / 10}`,
  ]
  return [
    ...['-map', '0:v:0', '-an', '-vf', `trim=start_frame=${first}:end_frame=${first + count}`],
    ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(CRF), '-profile:v', profileName(profile)],
    ...['-x264-params', x264.join(':'), '-f', 'h264'],
  ]
}

/** Decoders are told one profile for the whole stream (H.264 section A.2). */
function profileName(profile: number): 'baseline' | 'main' | 'high' {
  if (profile === 66 || profile === 88) return 'baseline'
  return profile === 77 ? 'main' : 'high'
}
