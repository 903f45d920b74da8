import { composeFfmpeg } from '../media/ffmpeg.ts'
import type { Playable } from '../media/playable.ts'
import type { Tools } from '../media/tools.ts'
import { TARGET_SEGMENT_S } from './segment-plan.ts'
import {
  AAC_FRAME,
  PICTURE_TIMESCALE,
  SOUND_BPS,
  SOUND_RATE,
  SPARSE_RATE,
  type PicturePlan,
  type TranscodePlan,
} from './transcode-plan.ts'

/**
 * Encoded times are so much later than those of the stream, in seconds: decode times precede presentation and must not be
 * below 0 in MP4.
 */
export const LEAD_S = 8

/** What of a source an encoder is told beside the plan. */
export type SourceLook = { isHdr: boolean }

type ArgumentTools = Pick<Tools, 'hasFpsMode' | 'filters'>

/** ffmpeg begins to decode so long before, for pictures that need earlier ones, and where seeking is rough. */
const PREROLL_S = 1
const ROUGH_PREROLL_S = 12
const EXACT_DEMUXERS = new Set(['mov', 'matroska'])

/** Pictures past the end that the container told are still taken, so many seconds of them. */
const LONGER_S = 10

/** The same quality everywhere: noise stays over 38 dB. */
const CRF = 20

/** At this many cores x264 gains little by more. */
const THREADS = 8

const ticksOf = (seconds: number): number => Math.round(seconds * PICTURE_TIMESCALE)

/**
 * The arguments that encode the picture from slot `first` to the end, as fragmented MP4 on stdout, a fragment from key
 * frame to key frame. Times are absolute (`-copyts`), so runs that begin anywhere give the same pictures the same times:
 * `-t` and shifted times would round by the clock of the source. Every option is known to ffmpeg 4.1 and to 8.
 */
export function pictureArguments(
  tools: ArgumentTools,
  playable: Playable,
  { plan, picture, look }: { plan: TranscodePlan; picture: PicturePlan; look: SourceLook },
  first: number,
): string[] {
  const { earlyTicks: early, width, height, level } = picture
  const slotTicks = ticksOf(TARGET_SEGMENT_S)
  const leadTicks = ticksOf(LEAD_S)
  const startTicks = leadTicks + first * slotTicks - early
  const endTicks = plan.isCutOff
    ? leadTicks + ticksOf(plan.lengthS) - early
    : leadTicks + ticksOf(plan.lengthS + LONGER_S)
  const slotOf = (time: string): string => `floor((${time}*${PICTURE_TIMESCALE}+${early}.5)/${slotTicks})`
  const filters = [
    ...(tools.filters.has('bwdif') ? ['bwdif=mode=send_frame:parity=auto:deint=interlaced'] : []),
    ...(picture.isSparse ? [`fps=${SPARSE_RATE}`] : []),
    `settb=1/${PICTURE_TIMESCALE}`,
    `setpts=PTS+${leadTicks - ticksOf(plan.fromS)}`,
    `trim=start_pts=${startTicks}:end_pts=${endTicks}`,
    ...(look.isHdr ? toStandardRange(tools) : []),
    `scale=${width}:${height}`,
    ...['setsar=1', 'format=yuv420p'],
  ]
  const x264 = ['keyint=infinite', 'min-keyint=1', 'scenecut=0']
  return fragments(playable, plan.fromS + first * TARGET_SEGMENT_S, [
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-vf', filters.join(',')],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(CRF), '-threads', String(THREADS)],
    ...['-profile:v', 'high', '-level:v', `${Math.floor(level / 10)}.${level % 10}`],
    ...['-x264-params', x264.join(':')],
    ...['-force_key_frames', `expr:isnan(prev_forced_t)+gt(${slotOf('t')},${slotOf('prev_forced_t')})`],
    ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
    // Without it the encoder's clock is one picture, and of 29.97 a second some fall together (3 of 1199).
    ...['-enc_time_base', `1:${PICTURE_TIMESCALE}`, '-video_track_timescale', String(PICTURE_TIMESCALE)],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof+frag_discont'],
  ])
}

/** HDR10 and HLG are made what screens without them show; without zimg the colours are a little pale. */
export function toStandardRange({ filters }: ArgumentTools): string[] {
  if (!filters.has('zscale') || !filters.has('tonemap')) return []
  return [
    ...['zscale=t=linear:npl=100', 'format=gbrpf32le', 'zscale=p=bt709', 'tonemap=hable:desat=0'],
    'zscale=t=bt709:m=bt709:r=tv',
  ]
}

/** Frames before the first that is wanted: an AAC encoder's first ones stand for silence before the sound. */
const AAC_PREROLL_FRAMES = 8

/**
 * The arguments that encode one track of sound from slot `first` on: stereo, gaps filled, on one grid of frames for every
 * run, so that those of two runs adjoin.
 */
export function soundArguments(
  tools: ArgumentTools,
  playable: Playable,
  { plan, track }: { plan: TranscodePlan; track: number },
  first: number,
): string[] {
  const leadSamples = LEAD_S * SOUND_RATE
  const wantedFrame = Math.floor((first * TARGET_SEGMENT_S * SOUND_RATE) / AAC_FRAME) - AAC_PREROLL_FRAMES
  const startSample = leadSamples + Math.max(0, first === 0 ? 0 : wantedFrame) * AAC_FRAME
  const endS = plan.isCutOff ? LEAD_S + plan.lengthS : LEAD_S + plan.lengthS + LONGER_S
  const filters = [
    `asetpts=PTS+${LEAD_S - plan.fromS}/TB`,
    `atrim=start=${startSample / SOUND_RATE}:end=${endS}`,
    `aresample=${SOUND_RATE}:async=1:first_pts=${startSample}`,
    'aformat=sample_fmts=fltp:channel_layouts=stereo',
  ]
  const startS = plan.fromS + startSample / SOUND_RATE - LEAD_S
  return fragments(playable, startS, [
    ...['-map', `0:a:${track}`, '-vn', '-sn', '-dn', '-af', filters.join(',')],
    ...['-c:a', 'aac', '-b:a', String(SOUND_BPS), '-ac', '2'],
    ...['-frag_duration', '2000000', '-movflags', 'empty_moov+default_base_moof+frag_discont'],
  ])
}

function fragments({ path, media }: Playable, fromS: number, options: readonly string[]): string[] {
  const seekS = fromS - (EXACT_DEMUXERS.has(media.demuxer) ? PREROLL_S : ROUGH_PREROLL_S)
  return composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        ...options,
        ...['-map_metadata', '-1', '-map_chapters', '-1'],
        // Decode times as they are: nothing is shifted, and no edit list says otherwise.
        ...['-use_editlist', '0', '-avoid_negative_ts', 'disabled', '-f', 'mp4'],
      ],
      target: '-',
    },
    [
      ...['-v', 'error', '-fflags', '+genpts', '-noaccurate_seek', '-copyts', '-start_at_zero'],
      ...(seekS > 0 ? ['-ss', seekS.toFixed(3)] : []),
    ],
  )
}
