import { ffprobe, type ProbedStream } from '../media/ffmpeg.ts'
import type { Playable } from '../media/playable.ts'
import type { Tools } from '../media/tools.ts'
import type { HdrTransfer } from './tone-curve.ts'

/** Names of primaries, transfer and matrix (ISO 23091-2), as ffmpeg and x264 call them. */
export type ColourTags = { primaries: string; transfer: string; matrix: string }

/** What an encoder must know of a source beside its media info. */
export type SourceLook = {
  /** Not null: made for screens that are brighter than those of browsers in general. */
  hdr: HdrTransfer | null
  isRgb: boolean
  isFullRange: boolean
  /** Those of the pictures made. */
  colours: ColourTags
  /**
   * Where the presentation begins, in seconds as ffmpeg counts them. Of a transport stream it would count from the first of
   * what it is to decode, were it left to itself: sound and picture apart.
   */
  zeroS: number
}

const HDR_TRANSFERS: Readonly<Record<string, HdrTransfer>> = { smpte2084: 'pq', 'arib-std-b67': 'hlg' }

const BT709: ColourTags = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' }
const BT601: ColourTags = { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m' }

/** What is said of pictures in standard range that stay what they are; x264 knows each of these names. */
const KNOWN_TAGS: Readonly<Record<keyof ColourTags, ReadonlySet<string>>> = {
  primaries: new Set(['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'film', 'bt2020']),
  transfer: new Set(['bt709', 'smpte170m', 'smpte240m', 'iec61966-2-1', 'bt2020-10', 'bt2020-12']),
  matrix: new Set(['bt709', 'fcc', 'bt470bg', 'smpte170m', 'smpte240m', 'bt2020nc']),
}

/** Pictures that tell nothing are taken for BT.601 below this height, as browsers do. */
const HIGH_DEFINITION = 720

/** Looks at a source with ffprobe. Throws AppError `unsupported_media`, the signal's reason on abort. */
export async function readSourceLook(
  tools: Pick<Tools, 'ffprobe'>,
  { path, media }: Pick<Playable, 'path' | 'media'>,
  signal: AbortSignal,
): Promise<SourceLook> {
  const { streams = [], format } = await ffprobe(tools, { path, demuxer: media.demuxer }, signal)
  const picture = streams.find((it) => it.codec_type === 'video' && it.disposition?.attached_pic !== 1) ?? {}
  return { ...lookOf(picture), zeroS: Math.max(0, Number(format?.start_time ?? 0) || 0) }
}

function lookOf(stream: Partial<ProbedStream>): Omit<SourceLook, 'zeroS'> {
  const { pix_fmt: pixels = '' } = stream
  const hdr = HDR_TRANSFERS[stream.color_transfer ?? ''] ?? null
  const isRgb = stream.color_space === 'gbr' || /^(rgb|bgr|gbr|[0a]rgb|[0a]bgr|pal|x2)/.test(pixels)
  const isFullRange = stream.color_range === 'pc' || pixels.startsWith('yuvj')
  return { hdr, isRgb, isFullRange, colours: hdr || isRgb ? BT709 : coloursOf(stream) }
}

function coloursOf(stream: Partial<ProbedStream>): ColourTags {
  const usual = (stream.height ?? 0) < HIGH_DEFINITION ? BT601 : BT709
  const tag = (kind: keyof ColourTags, said: string | undefined): string | null =>
    said !== undefined && KNOWN_TAGS[kind].has(said) ? said : null
  const matrix = tag('matrix', stream.color_space) ?? usual.matrix
  const fitting = matrix === 'bt709' ? BT709 : usual
  return {
    matrix,
    primaries: tag('primaries', stream.color_primaries) ?? fitting.primaries,
    transfer: tag('transfer', stream.color_transfer) ?? fitting.transfer,
  }
}
