import { composeFfmpeg } from '../../media/ffmpeg.ts'
import type { Playable } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { seekOptions, takenS } from '../decoded-span.ts'
import type { SourceLook } from '../source-look.ts'
import { deinterlaced, toStandardRange } from '../transcode-filters.ts'
import { PICTURE_TIMESCALE, SOUND_RATE, type PicturePlan, type TranscodePlan } from '../transcode-plan.ts'
import { atMost } from './fit-size.ts'

/** What is encoded: the span of a source, its picture, its track of sound. */
export type ExportSource = {
  playable: Playable
  plan: TranscodePlan
  look: SourceLook
  /** Place of the track of sound in the file; null for none. */
  sound: number | null
}

/** How a film is encoded in two passes. */
export type FilmSettings = {
  width: number
  height: number
  /** Pictures per second that are kept; null for all of them. */
  frameRate: number | null
  videoBps: number
  pass: 1 | 2
  audioBps: number
  channels: 1 | 2
}

type ArgumentTools = Pick<Tools, 'hasFpsMode' | 'filters'>

const THREADS = 8
/** Seconds between key frames at the most: somebody will want to jump in the file. */
const KEY_FRAMES_S = 4

/** An animation fits into a square of so many pixels, and has at most so many pictures a second. */
const ANIMATION_SIDE = 480
const ANIMATION_RATE = 15

const MP3_BPS = 192_000

const ticksOf = (seconds: number): number => Math.round(seconds * PICTURE_TIMESCALE)

/**
 * The arguments of one of the two passes that make an MP4 of so many bits a second, its index in front. Every option is
 * known to ffmpeg 4.1 and to 8.
 */
export function filmArguments(
  tools: ArgumentTools,
  source: ExportSource,
  settings: FilmSettings,
  target: string,
): string[] {
  const picture = pictureOf(source.plan)
  const { frameRate, pass } = settings
  const filters = [
    ...pictureFilters(tools, source, picture),
    ...(frameRate === null ? [] : [`fps=${frameRate}`]),
    `scale=${settings.width}:${settings.height}`,
    ...['setsar=1', 'format=yuv420p'],
  ]
  return compose(source, target, [
    ...['-map', '0:V:0', '-vf', filters.join(',')],
    ...['-c:v', 'libx264', '-profile:v', 'high', '-threads', String(THREADS)],
    ...['-g', String(Math.ceil((frameRate ?? picture.frameRate) * KEY_FRAMES_S))],
    ...['-preset', 'fast', '-b:v', String(settings.videoBps)],
    ...['-pass', String(pass), '-passlogfile', 'pass'],
    ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
    // Without it the encoder's clock is one picture, and of 29.97 a second some fall together (3 of 1199).
    ...['-enc_time_base', `1:${PICTURE_TIMESCALE}`],
    ...(pass === 1
      ? ['-an', '-f', 'null']
      : [
          ...soundOptions(source, settings),
          ...['-video_track_timescale', String(PICTURE_TIMESCALE), '-movflags', '+faststart', '-f', 'mp4'],
        ]),
  ])
}

/** The arguments that copy the picture of a whole film and encode its sound. */
export function keptPictureArguments(source: ExportSource, target: string): string[] {
  return compose(source, target, [
    ...['-map', '0:V:0', '-c:v', 'copy', ...soundOptions(source, FILM_SOUND)],
    ...['-movflags', '+faststart', '-f', 'mp4'],
  ])
}

/** The arguments that make a GIF or WebP: every second or third picture where there are many, on a palette of its own. */
export function animationArguments(
  tools: ArgumentTools,
  source: ExportSource,
  { format, encoder }: { format: 'gif' | 'webp'; encoder: string },
  target: string,
): string[] {
  const picture = pictureOf(source.plan)
  const scale = Math.min(1, ANIMATION_SIDE / Math.max(picture.width, picture.height))
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale))
  const filters = [
    ...pictureFilters(tools, source, picture),
    `fps=fps=${atMost(picture.frameRate, ANIMATION_RATE)}:start_time=0:round=up`,
    // The last one would be held for one more.
    ...(source.plan.isCutOff ? [`trim=end=${source.plan.lengthS}`] : []),
    `scale=${side(picture.width)}:${side(picture.height)}:flags=lanczos`,
    'setsar=1',
    ...(format === 'gif'
      ? ['split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer']
      : ['format=yuv420p']),
  ]
  return compose(source, target, [
    ...['-map', '0:V:0', '-an', '-vf', filters.join(','), '-c:v', encoder],
    ...(format === 'webp' ? ['-lossless', '0', '-q:v', '70'] : []),
    ...['-loop', '0', '-f', format],
  ])
}

/** The arguments that make a file of sound alone: its packets as they are where the format has them, else encoded. */
export function soundArguments(
  source: ExportSource,
  { format, encoder, isCopied }: { format: 'm4a' | 'mp3'; encoder: string; isCopied: boolean },
  target: string,
): string[] {
  const { plan, sound } = source
  const container = format === 'm4a' ? ['-movflags', '+faststart', '-f', 'ipod'] : ['-f', 'mp3']
  if (!isCopied) {
    const bitrate = format === 'm4a' ? FILM_SOUND.audioBps : MP3_BPS
    const encoded = [
      '-map',
      `0:a:${sound ?? 0}`,
      '-vn',
      '-af',
      soundFilters(plan, FILM_SOUND.channels).join(','),
    ]
    return compose(source, target, [...encoded, '-c:a', encoder, '-b:a', String(bitrate), ...container])
  }
  return compose(source, target, [
    ...['-map', `0:a:${sound ?? 0}`, '-vn', '-c:a', 'copy'],
    // What was read before the span for the sake of seeking is left out: of copied packets `trim` knows nothing.
    ...['-ss', String(plan.fromS), ...(plan.isCutOff ? ['-t', String(plan.lengthS)] : [])],
    ...container,
  ])
}

/** Of what is not made to fit. */
const FILM_SOUND = { audioBps: 160_000, channels: 2 } as const

function soundOptions(
  { plan, sound }: ExportSource,
  { audioBps, channels }: Pick<FilmSettings, 'audioBps' | 'channels'>,
): string[] {
  if (sound === null) return ['-an']
  return [
    ...['-map', `0:a:${sound}`, '-af', soundFilters(plan, channels).join(',')],
    ...['-c:a', 'aac', '-b:a', String(audioBps), '-ac', String(channels)],
  ]
}

/** From the span's first picture on, gaps filled. */
const soundFilters = (plan: TranscodePlan, channels: 1 | 2): string[] => [
  `asetpts=PTS-${plan.fromS}/TB`,
  `atrim=start=0:end=${takenS(plan)}`,
  `aresample=${SOUND_RATE}:async=1:first_pts=0`,
  `aformat=sample_fmts=fltp:channel_layouts=${channels === 2 ? 'stereo' : 'mono'}`,
]

/** Those pictures t for which start - half a frame <= t < end - half a frame, upright, progressive, in standard range. */
function pictureFilters(
  tools: ArgumentTools,
  { plan, look }: Pick<ExportSource, 'plan' | 'look'>,
  { earlyTicks: early }: PicturePlan,
): string[] {
  const endTicks = ticksOf(takenS(plan))
  return [
    ...deinterlaced(tools),
    `settb=1/${PICTURE_TIMESCALE}`,
    `setpts=PTS-${ticksOf(plan.fromS)}`,
    `trim=start_pts=${-early}:end_pts=${endTicks - early}`,
    // What lies before 0 ffmpeg throws away at the end: such a picture begins there, one tick after those before it.
    'setpts=max(PTS\\,N)',
    ...(look.hdr ? toStandardRange(look.hdr) : []),
  ]
}

function pictureOf({ picture }: TranscodePlan): PicturePlan {
  if (!picture) throw new Error('this source has no picture')
  return picture
}

/** `target` is a name in the folder that ffmpeg runs in: a `%` in the path to it would be taken for a pattern. */
function compose({ playable, plan }: ExportSource, target: string, options: readonly string[]): string[] {
  const { path, media } = playable
  return composeFfmpeg(
    { path, demuxer: media.demuxer },
    { options: [...options, ...['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-y']], target },
    [
      ...['-v', 'error', '-nostats', '-progress', 'pipe:1', '-fflags', '+genpts'],
      ...['-noaccurate_seek', '-copyts', '-start_at_zero'],
      ...seekOptions(media.demuxer, plan.fromS),
    ],
  )
}
