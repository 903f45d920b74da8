import type {
  AudioTrackInfo,
  Chapter,
  MediaInfo,
  SubtitleTrackInfo,
  VideoTrackInfo,
} from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { ffprobe, type ProbedChapter, type ProbedStream } from './ffmpeg.ts'
import type { Sniffed } from './sniff.ts'
import { hasOwnTexts, tidyTexts } from './texts.ts'
import type { Tools } from './tools.ts'

/** Said of a container that was recognised and holds nothing. */
export const NOTHING_IN_IT = 'The file holds no picture or sound that can be read; it may be cut off.'

/** ffmpeg's names where ours differ. */
const CODEC_NAMES: Readonly<Record<string, string>> = { h264: 'avc' }

/**
 * Reads a file's facts by ffprobe. Its exit code proves nothing (random bytes pass as H.263), nor does a header: there
 * must be a packet, and a stream without size or rate counts as none. Throws AppError `unsupported_media`.
 */
export async function probeWithFfprobe(
  path: string,
  sniffed: Sniffed,
  tools: Pick<Tools, 'ffprobe'>,
  signal: AbortSignal,
): Promise<MediaInfo> {
  const {
    streams = [],
    format = {},
    packets = [],
    chapters = [],
  } = await ffprobe(tools, { path, demuxer: sniffed.demuxer }, signal)
  const picture = streams.find((it) => it.codec_type === 'video' && it.disposition?.attached_pic !== 1)
  const video = picture ? videoOf(picture) : null
  const audio = streams.flatMap((it) => (it.codec_type === 'audio' ? (audioOf(it) ?? []) : []))
  const durationS = Number(format.duration)
  if (packets.length === 0 || (!video && audio.length === 0) || !Number.isFinite(durationS)) {
    throw new AppError('unsupported_media', NOTHING_IN_IT)
  }
  return {
    container: sniffed.container,
    demuxer: sniffed.demuxer,
    reader: 'ffprobe',
    durationS,
    bitrate: numberOf(format.bit_rate),
    video,
    audio,
    title: format.tags?.['title'] ?? null,
    ...(hasOwnTexts(sniffed.demuxer)
      ? {}
      : tidyTexts({ chapters: chapters.map(chapterOf), subtitles: subtitlesOf(streams) }, durationS)),
  }
}

const chapterOf = ({ start_time: start, end_time: end, tags }: ProbedChapter): Chapter => ({
  ...{ startS: Number(start), endS: Number(end), title: tags?.['title'] ?? null },
})

/** ffmpeg's names of subtitles that are text, or become it. */
const TEXT_CODECS = new Set(['subrip', 'ass', 'ssa', 'webvtt', 'mov_text', 'text'])

const subtitlesOf = (streams: readonly ProbedStream[]): SubtitleTrackInfo[] =>
  streams
    .filter((it) => it.codec_type === 'subtitle')
    .map(({ codec_name: codec = 'unknown', tags, disposition }, id) => ({
      ...{ id, codec, isText: TEXT_CODECS.has(codec), language: tags?.['language'] ?? null },
      ...{ name: tags?.['title'] ?? null, ...(disposition?.forced === 1 ? { isForced: true } : {}) },
    }))

function videoOf(stream: ProbedStream): VideoTrackInfo | null {
  const { width = 0, height = 0, codec_name: name } = stream
  if (!name || width <= 0 || height <= 0) return null
  const rotationDeg = rotationOf(stream)
  const [sarX, sarY] = ratioOf(stream.sample_aspect_ratio, ':') ?? [1, 1]
  const shown = { width: Math.round((width * sarX) / sarY), height }
  const turned = rotationDeg % 180 === 90
  const rate = ratioOf(stream.avg_frame_rate, '/')
  return {
    codec: CODEC_NAMES[name] ?? name,
    codecString: null,
    width: turned ? shown.height : shown.width,
    height: turned ? shown.width : shown.height,
    rotationDeg,
    frameRate: rate ? Math.round((rate[0] / rate[1]) * 1000) / 1000 : null,
    bitDepth: depthOf(stream),
    chroma: chromaOfPixels(stream.pix_fmt),
  }
}

function audioOf(stream: ProbedStream): AudioTrackInfo | null {
  const sampleRate = Number(stream.sample_rate)
  const { codec_name: name, channels = 0 } = stream
  const language = stream.tags?.['language'] ?? null
  if (!name || !(sampleRate > 0) || channels <= 0) return null
  return {
    codec: CODEC_NAMES[name] ?? name,
    codecString: null,
    sampleRate,
    channels,
    language: language === 'und' ? null : language,
    name: stream.tags?.['title'] ?? null,
    ...(stream.disposition?.default === 1 ? { isDefault: true } : {}),
    ...(stream.disposition?.comment === 1 ? { isCommentary: true } : {}),
  }
}

/** ffprobe 5 tells degrees counter-clockwise as side data; older ones clockwise as a tag. */
function rotationOf(stream: ProbedStream): VideoTrackInfo['rotationDeg'] {
  const counterClockwise = stream.side_data_list?.find((it) => it.rotation !== undefined)?.rotation
  const degrees = counterClockwise === undefined ? Number(stream.tags?.['rotate'] ?? 0) : -counterClockwise
  return ([0, 90, 180, 270] as const).find((it) => it === ((degrees % 360) + 360) % 360) ?? 0
}

/** From the pixel format (`yuv420p10le`), which is there more often than the raw bits. */
const depthOf = (stream: ProbedStream): number | null =>
  stream.pix_fmt
    ? Number(/p(\d+)[lb]e$/.exec(stream.pix_fmt)?.[1] ?? 8)
    : numberOf(stream.bits_per_raw_sample)

function chromaOfPixels(format: string | undefined): string | null {
  const digits = /yuvj?(4\d\d)p/.exec(format ?? '')?.[1]
  return digits ? Array.from(digits).join(':') : null
}

/** Two positive numbers of `16:9` or `30000/1001`; `0:1` and `N/A` are none. */
function ratioOf(text: string | undefined, sign: string): [number, number] | null {
  const [a = 0, b = 0] = (text ?? '').split(sign).map(Number)
  return a > 0 && b > 0 ? [a, b] : null
}

const numberOf = (text: string | undefined): number | null => (Number(text) > 0 ? Number(text) : null)
