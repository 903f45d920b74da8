import { readFile, rm } from 'node:fs/promises'
import { AppError } from '../../base/errors.ts'
import { composeFfmpeg, runFfmpeg } from '../../media/ffmpeg.ts'
import type { Tools } from '../../media/tools.ts'
import { readEncodedPictures } from './access-units.ts'
import { SMALL_PICTURE_BYTES, SMALL_PICTURE_FILTER } from './small-pictures.ts'

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

/** What a run gives. */
export type RunResult = {
  /** A byte stream (annex B) of exactly as many access units as were asked for. */
  stream: Buffer
  /** The first and the last of its pictures as the source shows them, small: what the encoded ones are compared with. */
  ends: Buffer
}

/** Bytes of `RunResult.ends`. */
export const ENDS_BYTES = 2 * SMALL_PICTURE_BYTES

/**
 * Encodes pictures of a GOP anew with libx264, as one IDR run without B pictures: decode order is order of
 * presentation. The source goes in over a pipe, cut by ourselves, so no seeking of ffmpeg's decides what is shown; it is
 * decoded once for all that is wanted of it. `endsPath` is written and removed again. Throws AppError
 * `unsupported_media` when ffmpeg gives other pictures than asked for.
 */
export async function encodeRun(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  settings: EncoderSettings,
  { source, first, count }: RunRequest,
  { endsPath, signal }: { endsPath: string; signal: AbortSignal },
): Promise<RunResult> {
  const args = composeFfmpeg(
    { path: null, demuxer: 'mov' },
    [
      { options: encoderOptions(tools, settings, first, count), target: '-' },
      { options: endsOptions(tools), target: `file:${endsPath}` },
    ],
    // A constant rate numbers the pictures as they come; their own times are kept by us.
    ['-v', 'error', '-noautorotate', '-r', String(settings.rate)],
  )
  try {
    const stream = await runFfmpeg(tools, args, {
      signal,
      input: source,
      timeoutMs: TIMEOUT_MS,
      silenceMs: SILENCE_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
    })
    const shown = await readFile(endsPath).catch(() => Buffer.alloc(0))
    const { units } = readEncodedPictures(stream, settings.lengthSize)
    const isRun = units.every(({ isIdr }, at) => isIdr === (at === 0))
    if (units.length !== count || !isRun || shown.length < SMALL_PICTURE_BYTES) {
      throw new AppError('unsupported_media', 'The beginning or end of this clip could not be made exact.')
    }
    const [one, other] = [shown.subarray(0, SMALL_PICTURE_BYTES), shown.subarray(-SMALL_PICTURE_BYTES)]
    return { stream, ends: Buffer.concat([one, other]) }
  } finally {
    await rm(endsPath, { force: true })
  }
}

function encoderOptions(
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
  const filters = [
    `[0:v:0]trim=start_frame=${first}:end_frame=${first + count},split[run][all]`,
    `[all]select='eq(n,0)+eq(n,${count - 1})',${SMALL_PICTURE_FILTER}[ends]`,
  ]
  return [
    ...['-filter_complex', filters.join(';'), '-map', '[run]', ...asTheyCome(tools)],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(CRF), '-profile:v', profileName(profile)],
    ...['-x264-params', x264.join(':'), '-f', 'h264'],
  ]
}

const endsOptions = (tools: Pick<Tools, 'hasFpsMode'>): string[] => [
  ...['-map', '[ends]', ...asTheyCome(tools), '-f', 'rawvideo', '-y'],
]

const asTheyCome = ({ hasFpsMode }: Pick<Tools, 'hasFpsMode'>): string[] => [
  ...[hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
]

/** Decoders are told one profile for the whole stream (H.264 section A.2). */
function profileName(profile: number): 'baseline' | 'main' | 'high' {
  if (profile === 66 || profile === 88) return 'baseline'
  return profile === 77 ? 'main' : 'high'
}
